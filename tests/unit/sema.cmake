set(sema_here ${CMAKE_CURRENT_LIST_DIR})
foreach(part access decl expr functions limits load names order param policy secret)
	phx_unit_test(sema_${part}
		SOURCES ${sema_here}/test_sema_${part}.c ${sema_here}/sema_text.c
		LINK phx_sema)
endforeach()
phx_unit_test(value SOURCES ${sema_here}/test_value.c LINK phx_model)
