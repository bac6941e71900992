// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays of JSON objects that come in pieces, as Gemini streams them: the same elements come of them however they are cut,
// and those of an array that is JSON are its own. The first byte says how reads are cut.
#include "gateway/wire/json_array_parser.h"
#include "tests/fuzz/pieces.h"

#include <nlohmann/json.hpp>

#include <vector>

using gateway::wire::JsonArrayParser;
using nlohmann::json;

namespace {

struct Read
{
    std::string log;
    std::vector<std::string> elements;
    bool failed = false, whole = false;
};

Read read(const fuzz::Input &input, std::size_t size)
{
    Read out;
    JsonArrayParser parser(2000);
    input.each(size, [&](std::string_view piece) {
        const std::string bytes(piece);
        if (out.failed)
            return;
        parser.feed(bytes);
        std::string_view element;
        for (;;) {
            const JsonArrayParser::Next next = parser.next(element);
            if (next == JsonArrayParser::NeedMore)
                return;
            if (next != JsonArrayParser::Element) {
                out.failed = true;
                out.log += next == JsonArrayParser::TooLarge ? "too large" : "malformed";
                return;
            }
            fuzz::require(element.size() <= 2000 && element.front() == '{' && element.back() == '}', "an element is a bounded object");
            out.elements.emplace_back(element);
            out.log.append(element).append("\n");
        }
    });
    fuzz::require(parser.buffered() <= 2000, "no more is kept than an element may have");
    out.whole = parser.whole();
    out.log += out.whole ? "whole" : "";
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    const Read whole = read(input, 0);
    fuzz::mustAgree(whole.log, read(input, input.pieceSize).log);
    const json value = json::parse(input.bytes, nullptr, false);
    const bool objects = value.is_array() && std::all_of(value.begin(), value.end(), [](const json &each) { return each.is_object(); });
    if (!objects || whole.failed)
        return 0; // too large, or too deep
    fuzz::require(whole.whole && whole.elements.size() == value.size(), "an array that is JSON is read to its end");
    for (std::size_t i = 0; i < value.size(); ++i)
        fuzz::require(json::parse(whole.elements[i], nullptr, false) == value[i], "an element is the array's");
    return 0;
}
