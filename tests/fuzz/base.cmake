phx_fuzz(json SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_json.c LINK phx_base)
phx_fuzz(text SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_text.c LINK phx_base)
