// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/providers/provider_table.h"
#include "gateway/wire/request_scan.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::providers {

/// What of the messages must change for this provider and model (wire.md section 3).
struct MessageFixes
{
    RequestFix fix = RequestFix::None;
    bool developerToSystem = false;
    bool systemToUser = false;
    std::span<const std::string_view> members {}; ///< all that messages may hold; empty: leave them as they are
    std::string_view schema {};                   ///< JSON that the answer has to meet, to be told in words; empty: none
    bool dropSeals = false;                       ///< other providers' seals on thoughts and calls, which this one does not know
    std::string_view openMark {}; ///< set to true in the last message; empty: nothing

    /// What these messages need: nothing in most calls, so that no tree is built.
    static MessageFixes neededFor(const ProviderKind &kind, const ModelRule *rule, const wire::MessageTraits &traits);
    [[nodiscard]] bool any() const
    {
        return fix != RequestFix::None || developerToSystem || systemToUser || !members.empty() || !schema.empty() || dropSeals || !openMark.empty();
    }
};

struct FixedMessages
{
    std::string json;                    ///< the array
    std::vector<std::string> dropped {}; ///< what of them is not sent: "messages.reasoning_content", each once
};

/// The `messages` array with those changes; nullopt where nothing changed in the end. Key order is kept.
std::optional<FixedMessages> fixMessages(std::string_view messages, const MessageFixes &fixes);

/// The id of nine letters and digits that stands for a tool call's id at Mistral; the same for the same id, so that
/// calls and results still fit, and unchanged where it is one already.
std::string mistralToolId(std::string_view id);

} // namespace gateway::providers
