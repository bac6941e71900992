// SPDX-License-Identifier: GPL-3.0-or-later
// Privacy: whatever a text is, what is found lies in it and does not overlap; what is tokenized comes back as it was, in
// whichever pieces; and an answer that is looked at in pieces is never held longer than it may be.
#include "gateway/privacy/answer_scanner.h"
#include "gateway/privacy/json_text.h"
#include "gateway/privacy/restorer.h"
#include "gateway/privacy/scrubber.h"
#include "tests/fuzz/pieces.h"

#include <cstdlib>

using namespace gateway::privacy;
using fuzz::require;

namespace {

std::shared_ptr<const Policy> policyOf(PrivacyAction action)
{
    const std::vector<gateway::config::PrivacyPolicy> policies {{.name = "default",
                                                          .rules = {{.detect = "all", .action = action},
                                                                    {.detect = "regex", .action = action, .name = "code", .pattern = "[A-Z]{2}-[0-9]{3}"},
                                                                    {.detect = "dictionary", .action = action, .name = "names", .words = {"heron", "gr\u00fcner Reiher"}}}}};
    auto policy = Policy::compile(policies, "default");
    if (!policy)
        std::abort();
    return *policy;
}

const gateway::KeyHasher hasher {gateway::KeyHasher::Key {}};

void roundTrip(const fuzz::Input &input, TextForm form)
{
    static const auto policy = policyOf(PrivacyAction::Tokenize);
    PlaceholderMap map;
    Scrubber scrubber(policy, hasher, map);
    std::vector<Edit> edits;
    require(scrubber.scrub(input.bytes, form, edits) == nullptr, "nothing blocks");
    std::size_t last = 0;
    for (const Edit &edit : edits) {
        require(edit.from >= last && edit.from < edit.to && edit.to <= input.bytes.size(), "edits are sorted, within the text and apart");
        last = edit.to;
    }
    const std::string sent = edited(input.bytes, edits);
    std::string restored;
    Restorer restorer(map, form == TextForm::JsonString ? Inside::Json : Inside::Text);
    for (std::size_t at = 0; at < sent.size(); at += input.pieceSize) {
        restorer.feed(std::string_view(sent).substr(at, input.pieceSize), restored);
        require(restorer.held() <= longestPlaceholder, "little is held back");
    }
    restorer.finish(restored);
    if (form == TextForm::Plain)
        fuzz::mustAgree(std::string(input.bytes), restored);
    else
        fuzz::mustAgree(Restorer::restored(map, sent, Inside::Json), restored);
}

void answer(const fuzz::Input &input)
{
    static const auto policy = policyOf(PrivacyAction::Mask);
    AnswerScanner scanner(policy, hasher);
    std::string out;
    input.each(input.pieceSize, [&](std::string_view piece) {
        require(scanner.feed(piece, out) == nullptr, "nothing blocks");
        require(scanner.held() <= AnswerScanner::longestHeld, "little is held back");
    });
    (void)scanner.finish(out);
    require(out.size() <= input.bytes.size(), "masks are no longer than what they cover");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const fuzz::Input input(data, size);
    roundTrip(input, TextForm::Plain);
    roundTrip(input, TextForm::JsonString);
    answer(input);
    return 0;
}
