# A room of the house: a folder, a static library of the same name, and the rooms that it may include.
# Every room's build first runs CheckArrows.cmake, so that a forbidden include stops it with the place and the reason.

add_custom_target(check_arrows
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/CheckArrows.cmake
    COMMENT "Checking the arrows between the rooms"
    VERBATIM)

# changebank_room(NAME SOURCES file... LINKS target...)
function(changebank_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS" ${ARGN})
    add_library(${name} STATIC ${ROOM_SOURCES})
    add_library(ChangeBank::${name} ALIAS ${name})
    # POCO's and Boost's own headers are not held to our warnings.
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ROOM_LINKS} PRIVATE changebank_options)
    changebank_precompile(${name} ${changebank_room_headers})
    add_dependencies(${name} check_arrows)
endfunction()

# changebank_program(NAME SOURCES file... LINKS target...)
function(changebank_program name)
    cmake_parse_arguments(PROGRAM "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${PROGRAM_SOURCES})
    target_link_libraries(${name} PRIVATE ${PROGRAM_LINKS} changebank_options)
    add_dependencies(${name} check_arrows)
endfunction()
