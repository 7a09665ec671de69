# A static library for a folder of sources, and the folders that it may include.
#
# changebank_library(FOLDER LINKS folder-or-target... [SOURCES generated-file...] [EXCEPT program.cpp...])
# Adds the library changebank_A_B, alias ChangeBank::A_B, with every source of the folder A/B. LINKS lists the folders whose
# headers it includes, and external libraries. The dependencies between folders are written only here, and every build
# checks them (CheckArrows.cmake). Targets that link to the library inherit C++20, the include root and its libraries.

# Includes begin with "changebank/", so that they never collide with folders of another project.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
file(CREATE_LINK ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/include/changebank SYMBOLIC)

if(PROJECT_IS_TOP_LEVEL AND NOT CHANGEBANK_LIBRARIES_ONLY)
    set_property(GLOBAL PROPERTY CHANGEBANK_ARROWS "")
    add_custom_target(check_arrows
        COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DARROWS=${PROJECT_BINARY_DIR}/arrows.txt
            -P ${PROJECT_SOURCE_DIR}/cmake/CheckArrows.cmake
        COMMENT "Checking the dependencies between the folders"
        VERBATIM)
endif()

function(changebank_library folder)
    cmake_parse_arguments(LIBRARY "" "" "LINKS;SOURCES;EXCEPT" ${ARGN})
    string(REPLACE / _ name ${folder})
    set(target changebank_${name})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
    list(TRANSFORM LIBRARY_EXCEPT PREPEND ${PROJECT_SOURCE_DIR}/${folder}/)
    list(REMOVE_ITEM sources ${LIBRARY_EXCEPT})
    list(APPEND sources ${LIBRARY_SOURCES})

    set(links "")
    set(arrows "${folder}:")
    foreach(link IN LISTS LIBRARY_LINKS)
        if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${link})
            string(APPEND arrows " ${link}")
            string(REPLACE / _ link ChangeBank::${link})
        endif()
        list(APPEND links ${link})
    endforeach()
    set_property(GLOBAL APPEND_STRING PROPERTY CHANGEBANK_ARROWS "${arrows}\n")

    if(sources)
        set(scope PUBLIC)
        add_library(${target} STATIC ${sources})
        target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:changebank_options>)
        set_property(GLOBAL APPEND PROPERTY CHANGEBANK_LIBRARIES ${target})
        changebank_precompile(${target} ${changebank_library_headers})
        if(TARGET check_arrows)
            add_dependencies(${target} check_arrows)
        endif()
    else()
        set(scope INTERFACE)
        add_library(${target} INTERFACE)
    endif()
    add_library(ChangeBank::${name} ALIAS ${target})
    target_compile_features(${target} ${scope} cxx_std_20)
    target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>)
    target_link_libraries(${target} ${scope} ${links})
endfunction()

# changebank_program(NAME SOURCES file... LINKS target...)
function(changebank_program name)
    cmake_parse_arguments(PROGRAM "" "" "SOURCES;LINKS" ${ARGN})
    add_executable(${name} ${PROGRAM_SOURCES})
    target_link_libraries(${name} PRIVATE ${PROGRAM_LINKS} changebank_options)
    add_dependencies(${name} check_arrows)
endfunction()

# Writes the input of CheckArrows.cmake; call it after the last changebank_library().
function(changebank_write_arrows)
    get_property(arrows GLOBAL PROPERTY CHANGEBANK_ARROWS)
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/arrows.txt CONTENT "${arrows}" @ONLY)
endfunction()
