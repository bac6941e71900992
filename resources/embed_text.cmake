# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DINPUT=prices.csv -DFUNCTION=priceCatalogue -DOUTPUT=prices.cpp -P embed_text.cmake
# One raw string literal a line: compilers limit the length of one literal, not of their concatenation.
file(READ "${INPUT}" text)
string(FIND "${text}" ")csv\"" clash)
if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${INPUT} holds the mark that ends a raw string literal; choose another one in embed_text.cmake")
endif()
get_filename_component(name "${INPUT}" NAME)
string(REPLACE "\n" "\n)csv\"\n    R\"csv(" text "${text}")
file(WRITE "${OUTPUT}" "// Made from ${name} by embed_text.cmake.\n#include \"resources/catalogue.h\"\n\nnamespace resources {\n\nstd::string_view ${FUNCTION}()\n{\n    static constexpr std::string_view text =\n    R\"csv(${text})csv\";\n    return text;\n}\n\n} // namespace resources\n")
