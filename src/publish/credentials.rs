//! The identity of the machine, which is the last source of credentials.
//!
//! If the environment names no credentials, the stores' clients ask the metadata service of the cloud machine that they
//! may run on. Elsewhere nothing listens at its address, and some networks drop such requests, so that the clients would
//! wait and try again for minutes. So the identity is requested first, with a short time limit: the metadata service of
//! a machine that has an identity answers within milliseconds.

use std::path::PathBuf;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, AwsCredentialProvider};
use object_store::azure::{AzureConfigKey, AzureCredentialProvider, MicrosoftAzureBuilder};
use object_store::gcp::{GcpCredentialProvider, GoogleCloudStorageBuilder, GoogleConfigKey};

use super::PublishError;
use crate::files;

/// How long to wait for the metadata service.
const TIME_LIMIT: Duration = Duration::from_secs(4);

/// The source of the machine's credentials.
#[derive(Debug, Clone)]
pub(super) enum MachineIdentity {
    Aws(AwsCredentialProvider),
    Azure(AzureCredentialProvider),
    Google(GcpCredentialProvider),
}

impl MachineIdentity {
    /// Checks that the machine has credentials. The stores' clients keep them for their requests.
    ///
    /// # Errors
    /// [`PublishError::NoCredentials`].
    pub(super) async fn check(&self, address: &str) -> Result<(), PublishError> {
        let obtained = async {
            match self {
                MachineIdentity::Aws(provider) => provider.get_credential().await.is_ok(),
                MachineIdentity::Azure(provider) => provider.get_credential().await.is_ok(),
                MachineIdentity::Google(provider) => provider.get_credential().await.is_ok(),
            }
        };
        match tokio::time::timeout(TIME_LIMIT, obtained).await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(PublishError::NoCredentials {
                address: address.to_owned(),
                detail: "none in the environment, and this machine has no cloud identity".into(),
            }),
        }
    }
}

/// Returns whether the client would use the machine's identity.
pub(super) fn s3_uses_machine(builder: &AmazonS3Builder) -> bool {
    use AmazonS3ConfigKey as Key;
    let is_set = |key: Key| builder.get_config_value(&key).is_some_and(|value| !value.is_empty() && value != "false");
    let named = [
        Key::AccessKeyId,
        Key::SecretAccessKey,
        Key::WebIdentityTokenFile,
        Key::ContainerCredentialsRelativeUri,
        Key::ContainerCredentialsFullUri,
        Key::SkipSignature,
    ];
    !named.into_iter().any(is_set)
}

/// Returns whether the client would use the machine's identity.
pub(super) fn azure_uses_machine(builder: &MicrosoftAzureBuilder) -> bool {
    use AzureConfigKey as Key;
    let is_set = |key: Key| builder.get_config_value(&key).is_some_and(|value| !value.is_empty() && value != "false");
    let named = [
        Key::AccessKey,
        Key::SasKey,
        Key::Token,
        Key::ClientSecret,
        Key::FederatedTokenFile,
        Key::FabricTokenServiceUrl,
        Key::UseAzureCli,
        Key::UseEmulator,
        Key::SkipSignature,
    ];
    !named.into_iter().any(is_set)
}

/// Returns whether the client would use the machine's identity.
pub(super) fn google_uses_machine(builder: &GoogleCloudStorageBuilder) -> bool {
    use GoogleConfigKey as Key;
    let is_set = |key: Key| builder.get_config_value(&key).is_some_and(|value| !value.is_empty() && value != "false");
    let named = [Key::ServiceAccount, Key::ServiceAccountKey, Key::ApplicationCredentials, Key::SkipSignature];
    !named.into_iter().any(is_set) && !has_gcloud_login()
}

/// Returns whether `gcloud auth application-default login` has left credentials, which the client finds by itself.
fn has_gcloud_login() -> bool {
    let (variable, folder) = if cfg!(windows) { ("APPDATA", "gcloud") } else { ("HOME", ".config/gcloud") };
    let file = |home| PathBuf::from(home).join(folder).join("application_default_credentials.json");
    std::env::var_os(variable).map(file).is_some_and(|file| files::real_path(&file).is_ok())
}
