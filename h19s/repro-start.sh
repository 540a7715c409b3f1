C=/tmp/w/h19/target/debug/candor; B=/tmp/rd/19/w
t(){ # name, asof, python edit
 rm -rf /tmp/w/own/h19s/r; cp -r $B /tmp/w/own/h19s/r; cd /tmp/w/own/h19s/r; rm -rf dist
 python3 - "$3" <<'P'
import sys
S='content/data/subprocessors.yaml';D='content/data/documents.yaml';K='content/data/commitments.yaml';Y='content/site.yaml'
def sub(f,a,b):
    s=open(f).read(); assert a in s,(f,a); open(f,'w').write(s.replace(a,b,1))
def add(f,b): open(f,'a').write(b)
exec(sys.argv[1])
P
 echo "##### $1"; $C check --as-of $2 2>&1 | grep -E '^(error|warning|note)|help: set|No prob|[0-9]+ (warn|err)' | grep -v unreleased; }
t "start facts change" 2026-06-10 "sub(S,'locations: [US]\n  corporate_location: US\n  transfer_mechanism: scc','locations: [US, IN]\n  corporate_location: US\n  transfer_mechanism: scc')"
$C release -q -m "India too" --as-of 2026-06-10; $C notice --as-of 2026-06-10 | sed -n '/^1/,/^Ref/p'; $C build -q --as-of 2026-06-10; python3 /tmp/rd/19/totext.py dist/subprocessors/index.html | sed -n '/New subpro/,/Contract/p' | tr '\n' '|'; grep -E 'India|SEQ' -B1 dist/notices/subprocessors--newmail--start.ics
echo; echo "#### rename/purpose change of a not yet started provider"
t "purpose" 2026-06-10 "sub(S,'purpose: Mail delivery','purpose: Mail delivery and profiling')"; $C diff --as-of 2026-06-10
echo "#### remedy"; t "via upcoming" 2026-06-10 "sub(S,'  replaces: mail\n','  replaces: mail\n  upcoming:\n    - {announced: 2026-06-10, effective: 2026-07-27, locations: [US, IN]}\n')"
t "via upcoming before start" 2026-06-10 "sub(S,'  replaces: mail\n','  replaces: mail\n  upcoming:\n    - {announced: 2026-06-10, effective: 2026-07-10, locations: [US, IN]}\n')"
