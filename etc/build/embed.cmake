# cmake -DFROM=FILE -DTO=FILE.c -DNAME=NAME -P embed.cmake: a file as a C array `const char NAME[]` with its length in NAME_len.
file(READ ${FROM} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR length "${digits} / 2")
string(REGEX REPLACE "(........................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE ${TO} "/* Made from a file of the source tree: see etc/build/embed.cmake. */\n#include \"report/embedded.h\"\n\nconst char ${NAME}[] = {\n${bytes}'\\0'};\nconst size_t ${NAME}_len = ${length};\n")
