# The library's two targets: sio::headers (everything in the user's file) and sio::sio (compiled once).
if(SIO_SANITIZE)
  add_compile_options(-fsanitize=${SIO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SIO_SANITIZE})
endif()

add_library(sio_headers INTERFACE)
add_library(sio::headers ALIAS sio_headers)
target_include_directories(sio_headers INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                 $<INSTALL_INTERFACE:include>)
target_compile_features(sio_headers INTERFACE cxx_std_17)
target_compile_definitions(sio_headers INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(sio_headers INTERFACE Threads::Threads sio::dep_asio sio::dep_websocketpp sio::dep_rapidjson)

# Warnings for our own files; an error where SIO_WERROR says so.
add_library(sio_warnings INTERFACE)
if(NOT MSVC)
  target_compile_options(sio_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                $<$<BOOL:${SIO_WERROR}>:-Werror>)
endif()
