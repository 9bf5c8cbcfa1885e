# The library's two targets: sio::headers (everything in the user's file) and sio::sio (compiled once).
if(SIO_SANITIZE)
  add_compile_options(-fsanitize=${SIO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SIO_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # False alarms of g++ 12 in instrumented code; and that it does not see fences, of which Asio has more than it needs.
    add_compile_options(-Wno-maybe-uninitialized -Wno-tsan)
  endif()
endif()

# What both have in common. SIO_CLIENT_DIR is where the JS client bundle is looked for unless an option says otherwise.
add_library(sio_common INTERFACE)
target_include_directories(sio_common INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                $<INSTALL_INTERFACE:include>)
target_compile_features(sio_common INTERFACE cxx_std_17)
target_compile_definitions(sio_common INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(sio_common INTERFACE Threads::Threads sio::dep_asio)
if(WIN32)
  target_link_libraries(sio_common INTERFACE ws2_32 mswsock bcrypt)
endif()

add_library(sio_headers INTERFACE)
add_library(sio::headers ALIAS sio_headers)
target_link_libraries(sio_headers INTERFACE sio_common sio_optional sio::dep_websocketpp sio::dep_rapidjson)

add_library(sio src/sio.cpp)
add_library(sio::sio ALIAS sio)
target_compile_definitions(sio PUBLIC SIO_SEPARATE_COMPILATION)
target_link_libraries(sio PUBLIC sio_common PRIVATE sio_optional $<BUILD_INTERFACE:sio::dep_websocketpp>
                                                    $<BUILD_INTERFACE:sio::dep_rapidjson>)
set_target_properties(sio PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0)
if(SIO_CLIENT_DIR)
  target_compile_definitions(sio PRIVATE SIO_CLIENT_DIR="${SIO_CLIENT_DIR}")
  target_compile_definitions(sio_headers INTERFACE SIO_CLIENT_DIR="${SIO_CLIENT_DIR}")
endif()

# Warnings for our own files; an error where SIO_WERROR says so.
add_library(sio_warnings INTERFACE)
if(NOT MSVC)
  target_compile_options(sio_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                $<$<BOOL:${SIO_WERROR}>:-Werror>)
endif()
target_link_libraries(sio PRIVATE $<BUILD_INTERFACE:sio_warnings>)
