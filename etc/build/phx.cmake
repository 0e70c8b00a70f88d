# Flags and helpers that every layer uses.

add_library(phx_options INTERFACE)
target_compile_features(phx_options INTERFACE c_std_17)
set(CMAKE_C_EXTENSIONS OFF)
target_compile_definitions(phx_options INTERFACE _GNU_SOURCE
	PHX_VERSION="${PROJECT_VERSION}"
	PHX_SOURCE_ETC="${PROJECT_SOURCE_DIR}/etc")
target_include_directories(phx_options INTERFACE
	${PROJECT_SOURCE_DIR}/runtime ${PROJECT_SOURCE_DIR}/compiler ${PROJECT_SOURCE_DIR})
target_compile_options(phx_options INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wundef
	-Wpointer-arith -Wwrite-strings -Wvla -Wcast-qual -Wconversion -Wno-sign-conversion
	$<$<BOOL:${PHX_WERROR}>:-Werror>)
target_compile_options(phx_options INTERFACE
	$<$<CONFIG:Release>:-fstack-protector-strong;-fPIE;-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
target_link_options(phx_options INTERFACE $<$<CONFIG:Release>:-pie;-Wl,-z,relro,-z,now>)

if(PHX_SANITIZE)
	target_compile_options(phx_options INTERFACE -fsanitize=${PHX_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_link_options(phx_options INTERFACE -fsanitize=${PHX_SANITIZE})
endif()
if(PHX_COVERAGE)
	target_compile_options(phx_options INTERFACE --coverage -O0 -fprofile-update=atomic)
	target_link_options(phx_options INTERFACE --coverage)
endif()
if(PHX_FUZZ)
	target_compile_options(phx_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# phx_layer(NAME SOURCES file… [LINK lib…]): one static library per layer.
function(phx_layer name)
	cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
	add_library(phx_${name} STATIC ${ARG_SOURCES})
	target_link_libraries(phx_${name} PUBLIC phx_options ${ARG_LINK})
endfunction()

# phx_unit_test(NAME SOURCES file… [LINK lib…]): a cmocka program, run by ctest as unit.NAME.
function(phx_unit_test name)
	cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
	add_executable(test_${name} ${ARG_SOURCES})
	target_link_libraries(test_${name} PRIVATE ${ARG_LINK} phx_options PkgConfig::CMOCKA)
	add_test(NAME unit.${name} COMMAND test_${name})
	set_tests_properties(unit.${name} PROPERTIES
		ENVIRONMENT "PHX_ETC=${PROJECT_SOURCE_DIR}/etc;PHX_TEST_SHARED=${PROJECT_SOURCE_DIR}/../shared;PHX_TEST_DATA=${PROJECT_SOURCE_DIR}/tests")
endfunction()
