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
t "typo, deadline moves" 2026-06-10 "sub(K,'commitment: Answer in one day','commitment: Answer in 1 day')"
$C release -q -m typo --as-of 2026-06-10; $C notice --as-of 2026-06-10; $C build -q --as-of 2026-06-10; python3 /tmp/rd/19/totext.py dist/index.html | sed -n '/Change An/,/Contract/p' | tr '\n' '|'; python3 /tmp/rd/19/totext.py dist/changelog/index.html | sed -n '/^10 June 2026 > /,/^View/p' | tr '\n' '|'; grep -A6 'paid/.*obj\|object-by' dist/notices/commitments--paid--2026-05-12.ics | head -8
t "typo, late" 2026-07-20 "sub(K,'commitment: Answer in one day','commitment: Answer in 1 day')"
$C release -m typo --as-of 2026-07-20 >/dev/null 2>&1; echo "release rc $?"
t "typo in subprocessor purpose with upcoming purpose" 2026-06-10 "sub(S,'      data_categories: [Account data, Usage data]\n','      data_categories: [Account data, Usage data]\n      purpose: Hosting and backup\n')"
$C release -q -m a --as-of 2026-06-10; sed -i '0,/purpose: Hosting/s//purpose: Hostinq/' content/data/subprocessors.yaml; $C diff --as-of 2026-06-20; $C check --as-of 2026-06-20 2>&1 | grep '^warn\|^err'
