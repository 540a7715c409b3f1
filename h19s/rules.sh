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
t "ends moved to tomorrow" 2026-05-13 "sub(S,'ends: 2026-07-31','ends: 2026-05-14')"
$C diff --as-of 2026-05-13
t "new ends tomorrow on cloud" 2026-05-13 "sub(S,'  transfer_mechanism: dpf\n','  transfer_mechanism: dpf\n  ends: 2026-05-14\n')"
$C diff --as-of 2026-05-13
