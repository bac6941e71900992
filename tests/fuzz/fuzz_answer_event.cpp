// SPDX-License-Identifier: GPL-3.0-or-later
// Events of streamed answers: pieces lie within the event and apart from one another. A stream that is looked at and restored in
// pieces becomes what it becomes at once, and what nothing has to be changed in keeps every byte.
#include "gateway/privacy/answer_event.h"
#include "gateway/privacy/answer_rewriter.h"
#include "gateway/wire/answer_text.h"
#include "tests/fuzz/pieces.h"

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace gateway::privacy;
using fuzz::require;

namespace {

constexpr std::array types {std::string_view("text/event-stream"), std::string_view("application/json"), std::string_view("application/x-ndjson"), std::string_view("text/plain"), std::string_view("audio/mpeg")};
constexpr std::array endpoints {gateway::Endpoint::ChatCompletions, gateway::Endpoint::Messages, gateway::Endpoint::Responses, gateway::Endpoint::GenerateContent, gateway::Endpoint::Completions};

std::shared_ptr<const Policy> policy()
{
    using namespace gateway::config;
    const std::vector<PrivacyPolicy> policies {{.name = "default",
                                                .rules = {{.detect = "email", .action = PrivacyAction::Mask}},
                                                .guardrails = {{.kind = GuardrailKind::Forbid, .action = GuardrailAction::Report, .looksAt = LooksAt::Answers, .patterns = {"needle$", "\\bx"}}}}};
    auto made = Policy::compile(policies, "default");
    if (!made)
        std::abort();
    return *made;
}

void checkEvent(std::string_view json)
{
    AnswerEvent event = readAnswerEvent(json);
    std::ranges::sort(event.pieces, {}, [](const EventPiece &piece) { return piece.raw.from; });
    std::size_t last = 0;
    for (const EventPiece &piece : event.pieces) {
        require(piece.raw.from <= piece.raw.to && piece.raw.to <= json.size(), "a piece lies within the event");
        require(piece.raw.from >= last, "pieces are apart");
        require(piece.raw.from > 0 && json[piece.raw.from - 1] == '"', "a piece stands between quotes");
        require(!piece.channel.empty(), "a piece is of a text");
        last = piece.raw.to;
    }
    require(event.sequence.to <= json.size(), "the number lies within the event");
}

std::string rewritten(AnswerChanges &changes, std::string_view type, const fuzz::Input &input, std::size_t size)
{
    AnswerRewriter rewriter(changes);
    rewriter.begin(type);
    std::string out;
    bool fine = true;
    input.each(size, [&](std::string_view piece) { fine = fine && rewriter.piece(piece, out).has_value(); });
    fine = fine && rewriter.finish(out).has_value();
    return fine ? out : "refused";
}

void checkStream(const fuzz::Input &input, std::string_view type)
{
    RestoreChanges restore(std::make_shared<PlaceholderMap>());
    (void)rewritten(restore, type, input, input.pieceSize);
    static const std::shared_ptr<const Policy> made = policy();
    static const gateway::KeyHasher hasher {gateway::KeyHasher::Key {}};
    CheckChanges whole(made, hasher), pieces(made, hasher);
    const std::string atOnce = rewritten(whole, type, input, 0), cut = rewritten(pieces, type, input, input.pieceSize);
    const bool framed = type == types[0] || type == types[2]; // else what is one text is held and passed as it comes
    if (framed && (atOnce == "refused") == (cut == "refused") && atOnce != "refused")
        fuzz::mustAgree(atOnce, cut);
}

void checkText(const fuzz::Input &input, gateway::Endpoint endpoint, bool isArray)
{
    using gateway::wire::AnswerText;
    AnswerText whole(endpoint), pieces(endpoint), body(endpoint);
    whole.piece(input.bytes, isArray);
    whole.finish();
    input.each(input.pieceSize, [&](std::string_view piece) { pieces.piece(piece, isArray); });
    pieces.finish();
    require(whole.isWhole() == pieces.isWhole(), "pieces are as whole as the whole");
    if (whole.isWhole()) {
        require(whole.choices().size() == pieces.choices().size(), "both have as many choices");
        for (std::size_t i = 0; i < whole.choices().size(); ++i)
            fuzz::mustAgree(whole.choices()[i].text(), pieces.choices()[i].text());
    }
    body.whole(input.bytes);
    require(body.choices().size() <= AnswerText::mostChoices, "choices are bounded");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    checkEvent(input.bytes);
    if (size > 1) {
        const fuzz::Input rest(data + 1, size - 1); // the first byte says of what
        checkStream(rest, types[data[0] % types.size()]);
        checkText(rest, endpoints[data[0] % endpoints.size()], data[0] % 2 == 1);
    }
    return 0;
}
