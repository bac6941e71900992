// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/response_parser.h"
#include "tests/fuzz/pieces.h"

#include <cstring>

namespace {

using gateway::net::ResponseParser;
using Status = ResponseParser::Status;

struct Reading
{
    gateway::net::BufferPool pool;
    ResponseParser parser {pool};
    std::string log;
    bool haveHead = false;
    bool over = false;

    Reading() { parser.start(16 * 1024, 256 * 1024); }

    void end(Status status)
    {
        over = true;
        if (!haveHead)
            log = "no answer"; // what cannot become a head may be told early or at its end
        else
            log += status == Status::End ? "\nend" : status == Status::Malformed ? "\nmalformed" : status == Status::TooLarge ? "\ntoo large" : "\ncut";
    }

    void advance()
    {
        if (!haveHead) {
            const Status status = parser.readHead();
            if (status == Status::NeedMore)
                return;
            if (status != Status::Head)
                return end(status);
            haveHead = true;
            log += std::to_string(parser.head().status) + "\n";
            for (const auto &[name, value] : parser.head().headers)
                log += std::string(name) + ": " + std::string(value) + "\n";
        }
        for (;;) {
            std::string_view piece;
            const Status status = parser.readBody(piece);
            if (status == Status::NeedMore)
                return;
            if (status != Status::Data)
                return end(status);
            log += piece;
        }
    }

    void take(std::string_view bytes)
    {
        while (!bytes.empty() && !over) {
            const auto space = parser.space();
            if (space.empty())
                std::abort(); // "never empty while more is needed"
            const std::size_t size = std::min(space.size(), bytes.size());
            std::memcpy(space.data(), bytes.data(), size);
            parser.commit(size);
            bytes.remove_prefix(size);
            advance();
        }
    }
};

std::string read(const fuzz::Input &input, std::size_t pieceSize)
{
    Reading reading;
    input.each(pieceSize, [&](std::string_view piece) { reading.take(piece); });
    if (!reading.over)
        reading.end(reading.parser.closed(true));
    return reading.log;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    fuzz::mustAgree(read(input, 0), read(input, input.pieceSize));
    return 0;
}
