// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/providers/dialect.h"
#include "gateway/stages/attempts/answer_form.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/conversation_repair.h"
#include "gateway/stages/attempts/try.h"
#include "gateway/stages/attempts/upstream_proof.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// What goes out, and the bytes that it points to.
struct Outgoing : Pooled
{
    explicit Outgoing(const Try &attempt)
        : proof(attempt.x, attempt.book), rest(attempt.continuation && attempt.continuation->hasBegun() ? attempt.continuation : nullptr)
    {
    }

    UpstreamProof proof;
    providers::EncodedRequest encoded;
    pipeline::UpstreamRequest request;
    AnswerForm form;
    const Continuation *rest;                  ///< the rest of its answer is asked for; null: a whole one is
    std::optional<wire::ChatRequest> asked {}; ///< where it had to be read: taken by the encoding
    Seals foreign {};                          ///< of other providers in the history of a body that is passed
    std::string_view mistake = "unsupported_parameter"; ///< what a BadRequest is called
    std::string room;
};

/// How the answer to this attempt will become the caller's.
/// @param rest  it is the rest of an answer that another one began
AnswerForm formOf(const pipeline::Exchange &x, const AttemptBook &book, bool rest);

/// Whether the request has to be read in the neutral form before it can be encoded. Most that are passed need not.
bool hasToBeRead(const pipeline::Exchange &x, const AttemptBook &book, const AnswerForm &form);

/// Reads it and makes it fit for the target: with what it names by address and the target wants as bytes, with what the
/// target wants to see again, without what another provider has sealed. `out.form` may become another.
/// @return BadRequest for the caller's own mistake, which `out.mistake` calls by its name
pipeline::Task<Result<void>> prepare(const Try &attempt, Outgoing &out);

/// Writes what goes out into `out.encoded` and `out.request`, and what was lost into the record; of a try that is not alone, into `out.form`.
/// After prepare(), where it has to be read.
/// Errors: as providers::encodeRequest().
Result<void> encode(const Try &attempt, Outgoing &out);

/// The request of one of several calls, where `out.encoded` takes them: `out.request` is none then.
pipeline::UpstreamRequest requestOf(const pipeline::Exchange &x, const AttemptBook &book, Outgoing &out, std::size_t call);

} // namespace gateway::stages
