// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/prompt_results.h"

#include <string>
#include <vector>

namespace gateway::storage {

class Database;
class ReaderSession;

/// What somebody says of a call, and who may say it.
struct FeedbackOrder
{
    std::string callId;
    Feedback feedback;
    std::string who;           ///< the speaker's id, by which a later word finds the former one
    bool ofAnyCall = false;    ///< an administrator's; else of the key's own calls and its team's:
    std::string keyId {}, team {}; ///< team empty: it has none
};

/// Writes it, in a transaction of its own. Writer's thread.
/// @return NotFound: there is no such call, or it is none of theirs
Result<> writeFeedback(Database &database, const FeedbackOrder &order);

/// Of one call, oldest first. Query thread, within one read transaction.
Result<std::vector<Feedback>> feedbackOf(ReaderSession &session, std::int64_t row);

/// Figures of a prompt's versions, by their numbers. The same.
Result<std::vector<PromptFigures>> promptFigures(ReaderSession &session, const std::string &prompt, const TimeRange &range);

} // namespace gateway::storage
