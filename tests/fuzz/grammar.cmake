phx_fuzz(parse SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_parse.c LINK phx_grammar)
# Below the grammar, on its private interface.
phx_fuzz(lex SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_lex.c LINK phx_grammar)
target_include_directories(fuzz_lex PRIVATE $<TARGET_PROPERTY:phx_grammar,INCLUDE_DIRECTORIES>)
