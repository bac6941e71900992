// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds arbitrary bytes, cut into arbitrary reads, through the parser of lines: the same lines come of it however they are
// cut, none is empty, none holds its end. The first byte says how reads are cut.
#include "gateway/core/text.h"
#include "gateway/wire/line_parser.h"
#include "tests/fuzz/pieces.h"

using gateway::wire::LineParser;

namespace {

std::string lines(const fuzz::Input &input, std::size_t size)
{
    std::string seen;
    LineParser parser(1000);
    std::string_view line;
    const auto take = [&](LineParser::Next next) {
        if (next == LineParser::TooLarge)
            seen += "too large";
        if (next != LineParser::Line)
            return false;
        fuzz::require(line.size() <= 1000 && line.find('\n') == std::string_view::npos && !gateway::trimmed(line).empty(), "a line is bounded, whole and says something");
        seen.append(line).append(1, '\n');
        return true;
    };
    bool failed = false;
    input.each(size, [&](std::string_view piece) {
        const std::string read(piece);
        parser.feed(read);
        while (!failed && take(parser.next(line))) {
        }
        failed = failed || seen.ends_with("too large");
    });
    if (!failed)
        take(parser.finish(line));
    return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    fuzz::mustAgree(lines(input, 0), lines(input, input.pieceSize));
    return 0;
}
