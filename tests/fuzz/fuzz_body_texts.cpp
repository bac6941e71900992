// SPDX-License-Identifier: GPL-3.0-or-later
// Which stretches of a body are texts: whatever bytes come, they lie in it in order and apart, strings between their quotes; taking
// all leaves nothing out that taking texts finds; and a body that is scrubbed is JSON where it was.
#include "gateway/privacy/body_scrub.h"
#include "gateway/privacy/request_guard.h"
#include "tests/fuzz/pieces.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>

using namespace gateway::privacy;
using fuzz::require;

namespace {

std::shared_ptr<const Policy> policy()
{
    using gateway::config::GuardrailKind;
    const std::vector<gateway::config::PrivacyPolicy> policies {{.name = "default",
                                                          .rules = {{.detect = "all"}, {.detect = "regex", .name = "vowels", .pattern = "[aeiou]{2}"}},
                                                          .guardrails = {{.kind = GuardrailKind::Forbid, .patterns = {"x.y", "^a"}},
                                                                         {.kind = GuardrailKind::Injection},
                                                                         {.kind = GuardrailKind::MaxBytes, .limit = 100},
                                                                         {.kind = GuardrailKind::MaxTokens, .limit = 100}}}};
    auto made = Policy::compile(policies, "default");
    if (!made)
        std::abort();
    return *made;
}

void checkTexts(std::string_view body, const std::vector<BodyText> &texts)
{
    std::size_t last = 0;
    for (const BodyText &text : texts) {
        require(text.from >= last && text.from < text.to && text.to <= body.size(), "texts are in order, within the body and apart");
        last = text.to;
        if (text.kind != BodyText::Kind::Number)
            require(text.from > 0 && body[text.from - 1] == '"' && text.to < body.size() && body[text.to] == '"', "a text stands between quotes");
        require(text.about.empty() || (text.about.data() >= body.data() && text.about.data() + text.about.size() <= body.data() + body.size()), "what it is about stands in the body");
    }
}

void checkScrub(std::string_view body, bool isJson)
{
    static const std::shared_ptr<const Policy> made = policy();
    static const gateway::KeyHasher hasher {gateway::KeyHasher::Key {}};
    PlaceholderMap map;
    Scrubber scrubber(made, hasher, map);
    BodyScrub scrub(body, "application/json");
    RequestGuard guard(made->guards());
    guard.look(scrub);
    for (const GuardFinding &finding : guard.finish())
        require(finding.guard < made->guards().all().size() && finding.times > 0, "a finding is of a guardrail");
    require(scrub.scrub(scrubber) == nullptr, "nothing blocks");
    if (!scrub.isChanged())
        return;
    const std::string result = scrub.result();
    if (isJson)
        require(nlohmann::json::accept(result), "what was JSON is JSON");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view body(reinterpret_cast<const char *>(data), size);
    const auto texts = bodyTexts(body, Take::Texts), all = bodyTexts(body, Take::All), own = bodyTexts(body, Take::Data);
    require(texts.has_value() == all.has_value() && texts.has_value() == own.has_value(), "how much is taken does not make it JSON");
    const bool isJson = nlohmann::json::accept(body);
    if (texts) {
        checkTexts(body, *texts);
        checkTexts(body, *all);
        checkTexts(body, *own);
        std::set<std::size_t> begins;
        for (const BodyText &text : *all)
            begins.insert(text.from);
        for (const BodyText &text : *texts)
            require(text.kind == BodyText::Kind::Number || begins.contains(text.from), "all of them are among all");
    }
    checkScrub(body, isJson);
    return 0;
}
