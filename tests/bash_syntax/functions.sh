# Functions in many layouts; functions.out is what `declare -f` of bash 5.2 prints of them.
f() { for i in a b; do while x; do y; z; done; until a; b; do c; done; done; }
g() { cat <<E | a | b && c || d; e
1
E
f; { a <<E; b; } ; x
2
E
( a <<E && b; c )
3
E
! a | b & c & d; time -p a | b; }
h() { [[ ! ( a && ! b ) || -f $x || $y ]]; [[ ! ! a ]]; [[ $x =~ ^(a|b) ]]; echo $'a\tb\'c' $"x" "a $(b; c
d) `e  f`" ${x:-$(a;b)} $(( 1 + $(a  ;  b) )); }
i() ( a; b ) >x 2>&1
j() if a; then b; fi
k() while a; do b; done <x
l() { a=( 1 2   3 ) b[ 1 ]=2 c+=(x) d; declare -a x=( 1  2 ); export a=b; }
m() { case $1 in a) ;; b|c) x; y;; d) x & ;; e) if a; then b; fi ;& *) ;; esac >x; }
n() { a | (b; c) | { d; e; } ; (a) ; ( a; ) ; { a & }; (a &); ( a & b ); }
o() { if a; b; then c; d; else e; f; fi; if a && b; then c & fi; if a & then b; fi; }
p() { $( (a) ; b ) ; $(a | b; { c; }; while d; do e; done; f <<E
x
E
) ; x ; }
q() { a <<E
x
E
}
r() { while a <<E; do b <<F; done
1
E
2
F
if a; then b <<E; else c; fi
x
E
}
s() { { { a; b; }; c; }; x() { y; }; function z { a; }; }
t() { a 2>&1 >&2 2>&- <&3 3<&0- &>x &>>y >|z <>w {fd}>x 3<>x >&y <&- 4<<<x 2>>x 5<<E <<-'F G' {x}<<E2 <x 0<y 1>z >&$x 2>&$x
a
E
b
F G
c
E2
}
u() { ((a+b)); ((  x )); for ((  a ;  b  ; c  )); do d; done; for ((;;)); do a; done; select x in a b; do c; done; for x in "$@"; do :; done; }
v() { time a; ! a; ! time a; time ! a; time { a; b; }; ! (a) ; coproc a b; coproc N { a; b; } ; }
w() { case x in a) cat <<E
hi
E
;; b) cat <<E ;;
hi
E
esac; x; }
x() { a && { b || c; } && d; a || (b && c); a && b & c || d & }
y() { a # comment
# other
b; }
z() { echo <(a; b) >(c   d) a<(x)b; ${x//a/b} "${x[@]}" ~/a *.b {a,b} a\ b 'c d'"e"; }
