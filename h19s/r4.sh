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
t "early removal" 2026-06-01 "s=open(S).read();i=s.index('- id: mail');j=s.index('- id: newmail');open(S,'w').write(s[:i]+s[j:].replace('  replaces: mail\n',''))"
$C release -q -m "gone early" --as-of 2026-06-01; $C build -q --as-of 2026-06-01; python3 /tmp/rd/19/totext.py dist/subprocessors/index.html | grep -A12 Former; $C notice --as-of 2026-06-01 | sed -n '/^1/,/^How\|^Ref/p'; grep -A14 'mail/end/ef' dist/notices.ics
echo "##### apply then fail"; t x 2026-08-02 pass; $C release --apply-upcoming -m 'bad <script>' --as-of 2026-08-02 >/dev/null 2>&1; echo rc $?; diff -r /tmp/rd/19/w/content content && echo untouched
echo "##### C2 build"; t "C2" 2026-07-20 "sub(K,'commitment: Answer in one day','commitment: Answer in 1 day')"; $C release -q -m t --as-of 2026-07-20 >/dev/null 2>&1; echo release rc $?; $C build --as-of 2026-07-20 -q; echo build rc $?; ls content/releases
