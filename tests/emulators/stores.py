"""Starts Azurite and moto on free ports, and reads them with the stores' own clients."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
from azure.storage.blob import BlobServiceClient

from proxy import Proxy

# The default account of Azurite, which is published in its README.
AZURITE_ACCOUNT = "devstoreaccount1"
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# Far longer than any server takes to start, even on a busy machine, in seconds.
START_TIMEOUT = 600
# How many ports to try: another program may take a port before the server binds it.
PORTS = 5


def start(command, **kwargs):
    """Runs `command(port)` with a free port, and returns the process and the port once the server accepts connections."""
    for _ in range(PORTS):
        port = free_port()
        log = tempfile.NamedTemporaryFile("w+", suffix=".log")
        process = subprocess.Popen(command(port), stdout=log, stderr=subprocess.STDOUT, **kwargs)
        deadline = time.monotonic() + START_TIMEOUT
        while process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return process, port
            time.sleep(0.05)
        process.kill()
        process.wait()
        log.seek(0)
    sys.exit(f"{command(port)[0]} did not start:\n{log.read()}")


class Store:
    """An emulated store behind a proxy; `environment` contains the variables that candor needs to access it."""

    def destination(self, name):
        return f"{self.scheme}://{name}"

    def wrong_credentials(self):
        """Returns an environment with credentials that the store rejects, and the secret in it."""
        raise NotImplementedError


class S3(Store):
    name, scheme = "moto (S3)", "s3"
    # Whether requests are still valid if a proxy drops headers: moto checks no signatures at first.
    drops_headers = True

    def __init__(self):
        moto = os.path.join(os.path.dirname(sys.executable), "moto_server")
        self.process, self.upstream = start(lambda port: [moto, "-p", str(port)])
        self.proxy = Proxy(self.upstream)
        self.endpoint = f"http://127.0.0.1:{self.proxy.port}"
        self.environment = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "a-secret-of-s3", "AWS_REGION": "us-east-1"}
        self.client = boto3.client(
            "s3", endpoint_url=f"http://127.0.0.1:{self.upstream}", region_name="us-east-1",
            aws_access_key_id="key", aws_secret_access_key="secret",
        )

    def create(self, name):
        self.client.create_bucket(Bucket=name)

    def put(self, name, path, data):
        self.client.put_object(Bucket=name, Key=path, Body=data)

    def objects(self, name):
        found = {}
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=name):
            for item in page.get("Contents", []):
                got = self.client.get_object(Bucket=name, Key=item["Key"])
                found[item["Key"]] = {
                    "bytes": got["Body"].read(), "type": got.get("ContentType"),
                    "cache": got.get("CacheControl"), "encoding": got.get("ContentEncoding"),
                }
        return found

    def wrong_credentials(self):
        # From now on, moto checks signatures.
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.upstream}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"},
        )
        urllib.request.urlopen(request).read()
        return {**self.environment, "AWS_SECRET_ACCESS_KEY": "hunter2-hunter2"}, "hunter2-hunter2"


class Azure(Store):
    name, scheme = "Azurite (Azure)", "az"
    # Azurite checks signatures, which cover the headers.
    drops_headers = False

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process, self.upstream = start(
            lambda port: [os.environ["AZURITE"], "--blobPort", str(port), "--inMemoryPersistence", "--silent",
                          "--skipApiVersionCheck", "--disableTelemetry"],
            cwd=self.folder.name,
        )
        self.proxy = Proxy(self.upstream)
        self.endpoint = f"http://127.0.0.1:{self.proxy.port}/{AZURITE_ACCOUNT}"
        self.environment = {"AZURE_STORAGE_ACCOUNT_NAME": AZURITE_ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": AZURITE_KEY}
        self.client = BlobServiceClient(f"http://127.0.0.1:{self.upstream}/{AZURITE_ACCOUNT}", credential=AZURITE_KEY)

    def create(self, name):
        self.client.create_container(name)

    def put(self, name, path, data):
        self.client.get_blob_client(name, path).upload_blob(data, overwrite=True)

    def objects(self, name):
        found = {}
        container = self.client.get_container_client(name)
        for blob in container.list_blobs():
            settings = blob.content_settings
            found[blob.name] = {
                "bytes": container.download_blob(blob.name, decompress=False).readall(), "type": settings.content_type,
                "cache": settings.cache_control, "encoding": settings.content_encoding,
            }
        return found

    def wrong_credentials(self):
        secret = "aHVudGVyMi1odW50ZXIyLWh1bnRlcjI="
        return {**self.environment, "AZURE_STORAGE_ACCOUNT_KEY": secret}, secret
