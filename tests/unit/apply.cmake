phx_unit_test(apply_schedule SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_schedule.c LINK phx_apply)
phx_unit_test(apply_journal SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_journal.c LINK phx_apply)
phx_unit_test(apply_lock SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_lock.c LINK phx_apply)
phx_unit_test(apply_run
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_run.c ${CMAKE_CURRENT_LIST_DIR}/fake_pve.c LINK phx_apply)
phx_unit_test(apply_progress SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_progress.c LINK phx_apply)
