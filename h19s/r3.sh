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
t "C2 typo late" 2026-07-20 "sub(K,'commitment: Answer in one day','commitment: Answer in 1 day')"
$C release -m "typo" --as-of 2026-07-20 2>&1 | head -20; echo rc $?
t "C3 location place added to base of cloud, late" 2026-06-20 "sub(S,'locations: [DE]','locations: [{code: DE, place: Frankfurt}]');sub(S,'        - DE\n','        - {code: DE, place: Frankfurt}\n')"
$C diff --as-of 2026-06-20
t "C4 doc version of base corrected" 2026-07-20 "sub(D,'version: \"1.0\"','version: \"1.0.1\"')"
$C diff --as-of 2026-07-20
