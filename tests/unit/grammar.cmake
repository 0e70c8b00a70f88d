foreach(part lex parse errors brackets fmt)
	phx_unit_test(grammar_${part} SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_grammar_${part}.c LINK phx_grammar)
endforeach()
