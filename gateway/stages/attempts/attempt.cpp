// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempt.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/providers/embeddings_translation.h"
#include "gateway/providers/media_ability.h"
#include "gateway/providers/translate.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/stages/attempts/byte_relay.h"
#include "gateway/stages/attempts/stream_relay.h"
#include "gateway/stages/attempts/upstream_proof.h"
#include "gateway/stages/attempts/whole_answer.h"
#include "gateway/wire/media_splice.h"
#include "gateway/wire/trace_context.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

constexpr Duration streamFirstByte = std::chrono::seconds {60}; // config.md, Timeouts: where nobody sets it

std::optional<SteadyTime> firstByteBy(const Exchange &x, const AttemptBook &book)
{
    const std::optional<Duration> &own = book.target().limits.firstByte;
    if (own)
        return after(x.now(), *own);
    if (x.scan.stream)
        return after(x.now(), streamFirstByte);
    return std::nullopt; // a whole answer's head comes when it is done: the total limit rules
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text.append(text.empty() ? "" : ",").append(name);
    return text;
}

/// This target cannot take the request: nothing was sent.
/// @param providerCode  of a mistake that is the caller's own
void cannotEncode(AttemptBook &book, Error error, AttemptEnd &end, std::string providerCode = "unsupported_parameter")
{
    // A kind without this endpoint is as good as an unknown model there: the next target may have it.
    if (error.code == ErrorCode::NotSupported)
        error.code = ErrorCode::UpstreamModelNotFound;
    end = failedBy(error, book.provider().name);
    if (error.code == ErrorCode::BadRequest) { // the caller's own mistake goes back as it is, with its parameter
        end.failure.code = ErrorCode::UpstreamBadRequest;
        end.failure.httpStatus = 400;
        end.words = wire::UpstreamError {.code = ErrorCode::UpstreamBadRequest, .httpStatus = 400, .message = error.message,
                                         .type = "invalid_request_error", .providerCode = std::move(providerCode), .param = error.where};
    }
    book.failBlameless(end.failure);
}

/// What goes out, and the bytes that it points to.
struct Outgoing
{
    Outgoing(Exchange &x, const AttemptBook &book) : proof(x, book) {}

    UpstreamProof proof;
    providers::EncodedRequest encoded;
    pipeline::UpstreamRequest request;
    AnswerForm form;
    std::optional<wire::ChatRequest> asked {}; ///< where it had to be read: taken by the first encoding
    std::string room;
};

/// Whether the endpoint's bodies are chat, in one format or another.
bool isChat(Endpoint endpoint)
{
    return endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Messages || endpoint == Endpoint::Responses || endpoint == Endpoint::GenerateContent;
}

AnswerForm formOf(const Exchange &x, const AttemptBook &book)
{
    using How = AnswerForm::How;
    AnswerForm form {.callers = providers::callerFormat(x.endpoint)};
    form.providers = book.provider().site->format(x.endpoint, book.model());
    if (x.endpoint == Endpoint::Embeddings)
        form.how = providers::embedsAsOpenAi(*book.provider().site) ? How::Scanned : How::Embeddings;
    else if (!isChat(x.endpoint))
        form.how = x.endpoint == Endpoint::Completions ? How::Scanned : How::Opaque;
    else if (form.callers != form.providers)
        form.how = How::Translated;
    else
        form.how = form.callers == wire::WireFormat::OpenAiChat ? How::Scanned : How::Watched;
    return form;
}

/// Reads what the target needs of the request in the neutral form.
/// @return what of it the target wants as bytes, though the caller named it by its address
Result<std::vector<wire::MediaAddress>> readAsked(const Exchange &x, const AttemptBook &book, Outgoing &out)
{
    const bool translated = out.form.how == AnswerForm::How::Translated;
    wire::MediaAbility ability = providers::mediaAbility(*book.provider().site, x.endpoint, book.model());
    const bool mayLack = isChat(x.endpoint) && !ability.imageUrls && x.scan.prompt.images + x.scan.prompt.files > 0;
    if (!translated && !mayLack)
        return {};
    if (out.form.callers == wire::WireFormat::OpenAiChat && !translated)
        ability.fileUrls = true; // its files are never named by an address
    auto asked = providers::readAsked(x.endpoint, x.scan);
    if (!asked && !translated)
        return {}; // the provider will say what is wrong with it
    if (!asked)
        return std::unexpected(std::move(asked.error()));
    auto wanted = wire::mediaToFetch(*asked, ability);
    if (translated || !wanted.empty())
        out.asked = std::move(*asked);
    return wanted;
}

/// A body that is passed, with what was fetched in it.
Result<providers::EncodedRequest> passWithMedia(const Exchange &x, const providers::ProviderSite &site, const Outgoing &out, std::span<const wire::FetchedMedia> fetched,
                                                const providers::TargetOptions &options)
{
    auto made = std::make_unique<const std::string>(wire::withMedia(x.scan.body, *out.asked, out.form.callers, fetched));
    const auto scan = wire::scanRequest(*made, x.endpoint, x.pathModel);
    if (!scan)
        return std::unexpected(scan.error());
    auto encoded = providers::passRequest(site, x.endpoint, *scan, options);
    if (encoded)
        encoded->made = std::move(made);
    return encoded;
}

Result<providers::EncodedRequest> translate(const Exchange &x, const providers::ProviderSite &site, Outgoing &out, std::span<const wire::FetchedMedia> fetched,
                                            const providers::TargetOptions &options)
{
    AnswerForm &form = out.form;
    auto asked = out.asked ? Result<wire::ChatRequest>(std::move(*std::exchange(out.asked, std::nullopt))) : providers::readAsked(x.endpoint, x.scan);
    if (!asked)
        return std::unexpected(std::move(asked.error()));
    wire::putMedia(*asked, fetched);
    form.thoughts = form.callers != wire::WireFormat::Gemini || (asked->reasoning && !asked->reasoning->summary.empty());
    auto encoded = providers::translateRequest(site, x.endpoint, std::move(*asked), options);
    if (encoded)
        form.decoder = std::move(encoded->decoder);
    return encoded;
}

Result<providers::EncodedRequest> encodeBody(Exchange &x, const AttemptBook &book, Outgoing &out, const CallMedia &media)
{
    const AnswerForm &form = out.form;
    const providers::ProviderSite &site = *book.provider().site;
    const pipeline::CompiledTarget &target = book.target();
    const providers::TargetOptions options {.model = book.model(), .override_ = target.overrides, .defaults = target.defaults,
                                            .drop = target.drops, .unsupported = x.route->unsupported, .modelInBody = !site.pathNamesModel(x.endpoint)};
    if (!site.has(x.endpoint))
        return fail(ErrorCode::NotSupported, fmt::format("it has no {} endpoint.", toText(x.endpoint)));
    if (form.how == AnswerForm::How::Embeddings)
        return providers::translateEmbeddings(site, x.scan, options);
    if (form.how == AnswerForm::How::Translated)
        return translate(x, site, out, media.fetched(), options);
    return out.asked ? passWithMedia(x, site, out, media.fetched(), options) : providers::passRequest(site, x.endpoint, x.scan, options);
}

std::string_view acceptOf(const Exchange &x, const AttemptBook &book, const AnswerForm &form)
{
    if (form.how == AnswerForm::How::Opaque)
        return "*/*";
    if (!x.scan.stream)
        return "application/json";
    return wire::mediaTypeOf(EventPass::framingOf(book, form));
}

/// Headers of the caller's that its provider gets: its trace, and what asks for more of a format that both speak.
std::string headersOfCaller(const Exchange &x, const AnswerForm &form)
{
    std::string lines = x.record.trace.empty() ? std::string() : wire::traceLines(x.request.headers);
    const auto beta = form.providers == wire::WireFormat::Anthropic && form.how != AnswerForm::How::Translated ? findHeader(x.request.headers, "anthropic-beta") : std::nullopt;
    if (beta)
        lines.append("anthropic-beta: ").append(*beta).append("\r\n");
    return lines;
}

void noteTranslation(Exchange &x, const Outgoing &out)
{
    x.record.dropped = joined(out.encoded.dropped);
    x.record.losses = out.encoded.losses;
    const bool translated = out.form.how == AnswerForm::How::Translated || out.form.how == AnswerForm::How::Embeddings;
    x.record.providerFormat = translated ? wire::toText(out.form.providers) : std::string_view();
    x.capture.sent(translated ? out.encoded.body.text() : std::string());
}

/// @return false: `end` says why this target cannot take the request
bool encode(Exchange &x, AttemptBook &book, Outgoing &out, const CallMedia &media, AttemptEnd &end)
{
    auto encoded = encodeBody(x, book, out, media);
    if (!encoded) {
        cannotEncode(book, std::move(encoded.error()), end);
        return false;
    }
    out.encoded = std::move(*encoded);
    noteTranslation(x, out);
    const std::string more = headersOfCaller(x, out.form);
    out.request.address = &book.provider().address;
    out.request.head = book.credential().head.text({.target = book.provider().site->target(x.endpoint, book.model(), x.scan.stream, out.room),
                                                    .accept = acceptOf(x, book, out.form),
                                                    .contentType = x.scan.isForm ? findHeader(x.request.headers, "content-type").value_or("") : "application/json",
                                                    .contentLength = out.encoded.body.size,
                                                    .more = more});
    out.request.body = std::move(out.encoded.body.pieces);
    out.request.limits = limitsOf(x, book);
    return true;
}

void failOnTheWay(AttemptBook &book, const Error &error, AttemptEnd &end)
{
    end = failedBy(error, book.provider().name);
    book.fail(end.failure);
}

} // namespace

Task<void> makeAttempt(Exchange &x, AttemptBook &book, CallMedia &media, Keepalive &alive, AttemptEnd &end)
{
    book.begin();
    const auto out = x.worker.memory.make<Outgoing>(x, book);
    out->form = formOf(x, book);
    auto wanted = readAsked(x, book, *out);
    if (!wanted)
        co_return cannotEncode(book, std::move(wanted.error()), end);
    if (!wanted->empty()) {
        Result<void> brought = co_await media.bring(std::move(*wanted));
        if (!brought)
            co_return cannotEncode(book, std::move(brought.error()), end, "invalid_image_url");
    }
    std::unique_ptr<pipeline::UpstreamCall> call;
    do {
        call.reset(); // it points into what is encoded again
        if (!encode(x, book, *out, media, end))
            co_return;
        if (out->proof.isNeeded()) {
            const Result<void> shown = co_await out->proof.add(out->request);
            if (!shown)
                co_return failOnTheWay(book, shown.error(), end);
        }
        auto started = co_await x.worker.upstream.start(std::move(out->request), x.cancel);
        if (!started)
            co_return failOnTheWay(book, started.error(), end);
        call = std::move(*started);
        call->expectBy(firstByteBy(x, book));
        for (bool waiting = true; waiting;) { // for the status line and headers; comments go to the caller meanwhile
            const Result<bool> there = co_await call->readHead(alive.due());
            if (!there)
                co_return failOnTheWay(book, there.error(), end);
            waiting = !*there;
            if (waiting && x.now() >= alive.due()) {
                const bool listening = co_await alive.beat();
                if (!listening)
                    co_return failOnTheWay(book, Error {.code = ErrorCode::Cancelled, .message = "The caller left."}, end);
            }
        }
    } while (out->proof.renew(call->head()));

    if (call->head().status < 300)
        book.noteLimits(call->head().headers);
    if (StreamRelay::fits(x, book, out->form, call->head())) {
        const auto relay = x.worker.memory.make<StreamRelay>(x, book, out->form, *call, alive, end);
        co_await relay->run();
    } else if (ByteRelay::fits(out->form, call->head())) {
        const auto relay = x.worker.memory.make<ByteRelay>(x, book, *call, end);
        co_await relay->run();
    } else {
        const auto whole = x.worker.memory.make<WholeAnswer>(x, book, out->form, *call, alive, end);
        co_await whole->run();
    }
}

} // namespace gateway::stages
