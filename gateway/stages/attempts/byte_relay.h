// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/stages/attempts/answer_form.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/attempt_end.h"
#include "gateway/wire/usage_finder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::stages {

/// Relays an answer to the caller as its bytes come, whatever they are: sound, events that are not chat, anything of a
/// provider's own API. The first byte commits: up to there a failure is only this attempt's; after it the connection is cut,
/// since nobody knows how to say it in those bytes. Usage is looked for on the way. A slow caller slows the reads.
class ByteRelay : public Pooled
{
public:
    /// Whether an answer that is not looked into comes in pieces worth passing on: all but JSON, which is read whole.
    static bool fits(const AnswerForm &form, const pipeline::UpstreamHead &head);

    /// @param end  how it ended; untouched where the caller left
    ByteRelay(pipeline::Exchange &x, AttemptBook &book, pipeline::UpstreamCall &call, AttemptEnd &end);
    ~ByteRelay();
    ByteRelay(const ByteRelay &) = delete;
    ByteRelay &operator=(const ByteRelay &) = delete;

    /// @param begun  bytes of the body that were read already
    pipeline::Task<void> run(std::string begun = {});

private:
    enum class Next : std::uint8_t { Read, Done };

    pipeline::Task<Next> take(std::string_view bytes);
    pipeline::Task<void> finish(std::string_view last);
    pipeline::Task<void> fail(Error error);
    void describe();
    void leave();
    void closeBook();
    [[nodiscard]] SteadyTime silentAt() const;

    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    pipeline::UpstreamCall &m_call;
    AttemptEnd &m_end;
    const bool m_own;                      ///< of a provider's own API: an empty body is an answer too
    wire::UsageFinder m_finder;
    std::optional<std::uint64_t> m_length; ///< of the body, where the provider says it
    std::uint64_t m_taken = 0;
    SteadyTime m_lastBytes;
};

} // namespace gateway::stages
