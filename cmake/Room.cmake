# A room of the house: a folder, a static library ChangeBank::NAME, and the rooms that it may include.
# Every room's build first runs CheckArrows.cmake, so that a forbidden include stops it with the place and the reason.

if(PROJECT_IS_TOP_LEVEL)
    add_custom_target(check_arrows
        COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/CheckArrows.cmake
        COMMENT "Checking the arrows between the rooms"
        VERBATIM)
endif()

# changebank_room(NAME SOURCES file... LINKS target...)
# What a target needs that links to the room comes with it: C++20, the root of the tree to include from, the libraries.
function(changebank_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS" ${ARGN})
    # All targets of a build share one name space, and others have a target named http.
    set(target changebank_${name})
    add_library(${target} STATIC ${ROOM_SOURCES})
    add_library(ChangeBank::${name} ALIAS ${target})
    target_compile_features(${target} PUBLIC cxx_std_20)
    # POCO's and Boost's own headers are not held to our warnings.
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} PUBLIC ${ROOM_LINKS} PRIVATE changebank_options)
    changebank_precompile(${target} ${changebank_room_headers})
    if(PROJECT_IS_TOP_LEVEL)
        add_dependencies(${target} check_arrows)
    endif()
endfunction()

# changebank_program(NAME SOURCES file... LINKS target...)
function(changebank_program name)
    cmake_parse_arguments(PROGRAM "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${PROGRAM_SOURCES})
    target_link_libraries(${name} PRIVATE ${PROGRAM_LINKS} changebank_options)
    add_dependencies(${name} check_arrows)
endfunction()
