# SPDX-License-Identifier: GPL-3.0-or-later
# How every target of Signalbox is built: one library a folder (static where programs are shipped, shared under sanitizers), links named one by one, the same flags for all.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_AUTOMOC_PATH_PREFIX ON)
set(CMAKE_AUTOGEN_ORIGIN_DEPENDS OFF) # moc needs no linked library to be built first
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
    # Precompiled headers need these two; see ccache(1).
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

add_library(signalbox_flags INTERFACE)
target_compile_options(signalbox_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wconversion -Wno-sign-conversion
    $<$<CXX_COMPILER_ID:GNU>:-Wno-missing-field-initializers> $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-designated-field-initializers>)
target_compile_definitions(signalbox_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS QT_NO_FOREACH QT_NO_CONTEXTLESS_CONNECT QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ARRAY BOOST_ASIO_DISABLE_BOOST_DATE_TIME SIGNALBOX_VERSION="${PROJECT_VERSION}")
target_include_directories(signalbox_flags INTERFACE "${CMAKE_SOURCE_DIR}")
if(SIGNALBOX_SANITIZE)
    target_compile_options(signalbox_flags INTERFACE -fsanitize=${SIGNALBOX_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(signalbox_flags INTERFACE -fsanitize=${SIGNALBOX_SANITIZE})
endif()

# signalbox_library(<name> [MOC] [PCH header... | PCH_FROM target] [LINK target...] [PRIVATE_LINK target...])
# A library of all sources in and below the current folder. PCH_FROM shares another library's precompiled header: one takes up to 300 MB.
function(signalbox_library name)
    cmake_parse_arguments(ARG "MOC" "PCH_FROM" "PCH;LINK;PRIVATE_LINK" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
    if(NOT sources)
        add_library(${name} INTERFACE)
        return()
    endif()
    add_library(${name} ${sources})
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
    target_link_libraries(${name} PUBLIC signalbox_flags ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK})
    if(ARG_MOC)
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
    endif()
    if(ARG_PCH)
        target_precompile_headers(${name} PRIVATE ${ARG_PCH})
    elseif(ARG_PCH_FROM)
        target_precompile_headers(${name} REUSE_FROM ${ARG_PCH_FROM})
    endif()
endfunction()

# signalbox_test(<tst_name> LINK target... [LABELS label...] [ENV name=value...] [TIMEOUT seconds])
# One Qt Test program of tst_name.cpp, run by ctest under the same name.
function(signalbox_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "LINK;LABELS;ENV" ${ARGN})
    add_executable(${name} ${name}.cpp)
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE signalbox_flags Qt6::Test ${ARG_LINK})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;${ARG_ENV}")
endfunction()

# signalbox_tests_here(LINK target... [LABELS label...]): every tst_*.cpp of the current folder.
function(signalbox_tests_here)
    file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/tst_*.cpp")
    foreach(file ${files})
        get_filename_component(name "${file}" NAME_WE)
        signalbox_test(${name} ${ARGN})
    endforeach()
endfunction()
