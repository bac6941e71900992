// SPDX-License-Identifier: GPL-3.0-or-later
// WebSocket frames from either end, cut into arbitrary reads: what is read must not depend on the cuts, all that passes is
// what came, limits hold. The first byte chooses the cuts, the second the sender and the limits.
#include "gateway/wire/websocket/frame_parser.h"
#include "gateway/wire/websocket/frame_writer.h"
#include "pieces.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

using namespace gateway::wire::websocket;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

struct Seen
{
    std::string raw;
    std::vector<std::string> messages;
    std::uint16_t code = 0;
    bool operator==(const Seen &) const = default;
};

Seen parse(const fuzz::Input &input, std::size_t step, Sender sender, FrameParser::Limits limits)
{
    Seen seen;
    FrameParser parser(sender, limits);
    std::string message;
    input.each(step, [&](std::string_view piece) {
        const std::string read(piece); // of its own, so that a look behind its end shows
        parser.feed(read);
        Piece part;
        FrameParser::Next next = parser.next(part);
        for (; next == FrameParser::Next::Piece; next = parser.next(part)) {
            require(part.head.size() <= 14 && (part.frameEnds || !part.messageEnds));
            seen.raw.append(part.head).append(part.body);
            std::string text;
            part.addText(text);
            require(text.size() == part.body.size());
            if (part.isControl()) {
                require(part.frameEnds && text.size() <= 125 && text.size() != (part.opcode == Opcode::Close ? 1U : 126U));
                // Read again as the gateway itself would write it, it is the same frame.
                FrameParser again(Sender::Server, {});
                const std::string written = controlFrame(part.opcode, text, std::nullopt);
                again.feed(written);
                Piece copy;
                require(again.next(copy) == FrameParser::Next::Piece && copy.body == text && copy.opcode == part.opcode);
                if (part.opcode == Opcode::Close)
                    (void)readClose(text);
                seen.messages.push_back("control " + text);
                continue;
            }
            message += text;
            require(message.size() <= limits.message);
            if (part.messageEnds)
                seen.messages.push_back(std::exchange(message, {}));
        }
        require((next == FrameParser::Next::Broken) == (parser.problem() != nullptr) && (parser.closeCode() != 0) == (parser.problem() != nullptr));
    });
    seen.code = parser.closeCode();
    return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    fuzz::Input input(data, size);
    const auto choice = static_cast<unsigned char>(input.bytes.front());
    input.bytes.remove_prefix(1);
    const Sender sender = (choice & 1) ? Sender::Client : Sender::Server;
    const FrameParser::Limits limits = (choice & 2) ? FrameParser::Limits {} : FrameParser::Limits {.frame = 64, .message = 100};
    const Seen whole = parse(input, 0, sender, limits);
    require(input.bytes.starts_with(whole.raw));
    require(parse(input, input.pieceSize, sender, limits) == whole);
    return 0;
}
