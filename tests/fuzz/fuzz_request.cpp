// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/request_parser.h"
#include "tests/fuzz/pieces.h"

#include <cstring>

namespace {

using gateway::net::RequestParser;

/// Takes what is complete, until the parser wants more or refuses.
void drain(RequestParser &parser, std::string &log)
{
    while (parser.advance() == RequestParser::State::Complete) {
        log += std::string(parser.method()) + " " + std::string(parser.path()) + " ? " + std::string(parser.query()) + "\n";
        for (const auto &[name, value] : parser.headers())
            log += std::string(name) + ": " + std::string(value) + "\n";
        log += std::string(parser.body()) + (parser.keepAlive() ? "\n--\n" : "\n-- close\n");
        parser.next();
    }
}

std::string read(const fuzz::Input &input, std::size_t pieceSize)
{
    gateway::net::BufferPool pool;
    RequestParser parser(pool, {.maxHead = 16 * 1024, .maxBody = 256 * 1024});
    std::string log;
    input.each(pieceSize, [&](std::string_view piece) {
        while (!piece.empty() && parser.state() != RequestParser::State::Refused) {
            const auto space = parser.space();
            if (space.empty())
                std::abort(); // no room, yet neither complete nor refused
            const std::size_t size = std::min(space.size(), piece.size());
            std::memcpy(space.data(), piece.data(), size);
            parser.commit(size);
            piece.remove_prefix(size);
            drain(parser, log);
        }
    });
    if (parser.state() == RequestParser::State::Refused)
        log += "refused " + std::to_string(parser.status());
    return log;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    fuzz::mustAgree(read(input, 0), read(input, input.pieceSize));
    return 0;
}
