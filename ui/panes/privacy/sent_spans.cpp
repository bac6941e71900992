// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/sent_spans.h"

#include <algorithm>

namespace ui::privacy {

namespace {

using gateway::api::PrivacySpan;
using gateway::config::PrivacyAction;

/// Bytes of the replacement that begins there; 0: none does.
std::size_t sizeAt(const std::string &sent, std::size_t at, const PrivacySpan &span)
{
    if (at >= sent.size())
        return 0;
    const auto enclosed = [&](const std::string &opening, char closing) -> std::size_t {
        if (sent.compare(at, opening.size(), opening) != 0)
            return 0;
        const std::size_t end = sent.find(closing, at + opening.size());
        return end == std::string::npos ? 0 : end + 1 - at;
    };
    switch (span.action) {
    case PrivacyAction::Tokenize: return enclosed("<" + span.label + "_", '>');
    case PrivacyAction::Hash: return enclosed("[" + span.label + ":", ']');
    case PrivacyAction::Mask: {
        // One byte for each letter of the value.
        const auto letters = static_cast<std::size_t>(std::ranges::count_if(span.text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
        return at + letters <= sent.size() && std::any_of(sent.begin() + static_cast<std::ptrdiff_t>(at), sent.begin() + static_cast<std::ptrdiff_t>(at + letters), [](char c) { return c == '*'; }) ? letters : 0;
    }
    case PrivacyAction::Block:
    case PrivacyAction::Report: break;
    }
    return 0;
}

} // namespace

std::vector<SentSpan> sentSpans(const std::string &text, const gateway::api::PrivacyTrial &trial)
{
    std::vector<SentSpan> found;
    std::size_t given = 0, sent = 0; // up to where both are known to be the same
    for (std::size_t i = 0; i < trial.spans.size(); ++i) {
        const PrivacySpan &span = trial.spans[i];
        if (span.from < given || span.to > text.size() || span.action == PrivacyAction::Block || span.action == PrivacyAction::Report)
            continue;
        std::size_t at = sent + (span.from - given);
        if (sizeAt(trial.scrubbed, at, span) == 0) {
            // A text of the caller that reads like a placeholder was replaced too: it is somewhere behind the last one.
            for (at = sent; at < trial.scrubbed.size() && sizeAt(trial.scrubbed, at, span) == 0;)
                ++at;
        }
        const std::size_t size = sizeAt(trial.scrubbed, at, span);
        if (size == 0)
            continue;
        found.push_back({at, at + size, i});
        given = span.to;
        sent = at + size;
    }
    return found;
}

} // namespace ui::privacy
