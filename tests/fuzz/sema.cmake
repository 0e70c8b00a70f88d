phx_fuzz(compile SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_compile.c LINK phx_sema)
