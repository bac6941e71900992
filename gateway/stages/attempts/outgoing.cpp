// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/outgoing.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/providers/embeddings_translation.h"
#include "gateway/providers/media_ability.h"
#include "gateway/providers/prefix.h"
#include "gateway/providers/translate.h"
#include "gateway/stages/attempts/attempt_limits.h"
#include "gateway/stages/attempts/cache_marking.h"
#include "gateway/stages/attempts/event_pass.h"
#include "gateway/wire/media_splice.h"
#include "gateway/wire/trace_context.h"

#include <fmt/format.h>
#include <memory>
#include <utility>
#include <vector>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text.append(text.empty() ? "" : ",").append(name);
    return text;
}

/// Of a body that is passed: whether it names images that the target does not fetch, though its format has them.
bool mayNeedMedia(const Exchange &x, const AttemptBook &book, const AnswerForm &form)
{
    const bool hasAddresses = isChat(x.endpoint) && (form.providers == wire::WireFormat::OpenAiChat || form.providers == wire::WireFormat::Anthropic);
    return hasAddresses && x.scan.prompt.images + x.scan.prompt.files > 0 && !providers::mediaAbility(*book.provider().site, x.endpoint, book.model()).imageUrls;
}

/// Of a body that is passed: whether its history may hold what another provider has sealed.
bool mayHoldForeignSeals(const Exchange &x, const AnswerForm &form)
{
    const wire::PromptSize &prompt = x.scan.prompt;
    return form.how == AnswerForm::How::Watched && (prompt.foreignSeals > 0 || (prompt.seals > 0 && x.config->severalIssuers[static_cast<std::size_t>(form.providers)]));
}

/// Reads it into `out`. A body that is passed may be one that cannot be read: the provider will say what is wrong with it.
Result<void> readAsked(const Exchange &x, Outgoing &out)
{
    const bool translated = out.form.how == AnswerForm::How::Translated;
    // What a passed body of Responses wants of its provider's store is no matter here.
    const bool stored = !translated && out.form.callers == wire::WireFormat::OpenAiResponses;
    auto asked = stored ? wire::readRequest(out.form.callers, x.scan.body) : providers::readAsked(x.endpoint, x.scan);
    if (asked)
        out.asked = std::move(*asked);
    else if (translated)
        return std::unexpected(std::move(asked.error()));
    return {};
}

/// What the target wants as bytes of what the caller named by its address.
std::vector<wire::MediaAddress> wantedMedia(const Exchange &x, const AttemptBook &book, const Outgoing &out)
{
    const bool translated = out.form.how == AnswerForm::How::Translated;
    if (!translated && !mayNeedMedia(x, book, out.form))
        return {};
    wire::MediaAbility ability = providers::mediaAbility(*book.provider().site, x.endpoint, book.model());
    if (out.form.callers == wire::WireFormat::OpenAiChat && !translated)
        ability.fileUrls = true; // its files are never named by an address
    return wire::mediaToFetch(*out.asked, ability);
}

/// A body that is passed keeps its bytes where all seals in it are the target's own. Else it is written anew, without the
/// others: as to a provider of another format. Of Responses the items that hold them are left out.
Task<void> lookAtSeals(Exchange &x, const AttemptBook &book, Outgoing &out)
{
    const wire::WireFormat format = out.form.providers;
    Seals foreign = co_await foreignSeals(x, book, format, *out.asked);
    if (format == wire::WireFormat::OpenAiResponses)
        out.foreign = std::move(foreign);
    else if (x.scan.prompt.foreignSeals > 0 || !foreign.empty())
        out.form.how = AnswerForm::How::Translated;
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
    wire::ChatRequest asked = std::move(*std::exchange(out.asked, std::nullopt));
    wire::putMedia(asked, fetched);
    form.thoughts = form.callers != wire::WireFormat::Gemini || (asked.reasoning && !asked.reasoning->summary.empty());
    const std::string said = out.rest ? out.rest->said() : std::string();
    auto encoded = out.rest ? providers::continueRequest(site, x.endpoint, std::move(asked), {.text = said, .tokens = out.rest->tokensSaid()}, options)
                            : providers::translateRequest(site, x.endpoint, std::move(asked), options);
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
                                            .drop = target.drops, .unsupported = x.route->unsupported, .modelInBody = !site.pathNamesModel(x.endpoint), .foreignSeals = &out.foreign};
    if (!site.has(x.endpoint))
        return fail(ErrorCode::NotSupported, fmt::format("it has no {} endpoint.", toText(x.endpoint)));
    if (form.how == AnswerForm::How::Embeddings)
        return providers::translateEmbeddings(site, x.scan, options);
    if (form.how == AnswerForm::How::Translated)
        return translate(x, site, out, media.fetched(), options);
    return out.asked ? passWithMedia(x, site, out, media.fetched(), options) : providers::passRequest(site, x.endpoint, x.scan, options);
}

bool streams(const Exchange &x, const Outgoing &out)
{
    return x.scan.stream && out.encoded.calls == 1;
}

std::string_view acceptOf(const Exchange &x, const AttemptBook &book, const Outgoing &out)
{
    if (out.form.how == AnswerForm::How::Opaque)
        return "*/*";
    if (!streams(x, out))
        return "application/json";
    return wire::mediaTypeOf(EventPass::framingOf(book, out.form));
}

/// Headers of the caller's that its provider gets: its trace, and what asks for more of a format that both speak.
std::string headersOfCaller(const Exchange &x, const AnswerForm &form)
{
    std::string lines = x.record.trace.empty() ? std::string() : wire::traceLines(x.request.headers);
    const auto beta = form.providers == wire::WireFormat::Anthropic && form.callers == form.providers ? findHeader(x.request.headers, "anthropic-beta") : std::nullopt;
    if (beta)
        lines.append("anthropic-beta: ").append(*beta).append("\r\n");
    return lines;
}

Told whatToTell(const Outgoing &out)
{
    Told told {.dropped = joined(out.encoded.dropped), .losses = out.encoded.losses};
    if (out.form.how == AnswerForm::How::Translated || out.form.how == AnswerForm::How::Embeddings) {
        told.format = wire::toText(out.form.providers);
        told.sent = out.encoded.body.text();
    }
    return told;
}

pipeline::UpstreamRequest requestWith(const Exchange &x, const AttemptBook &book, Outgoing &out, PooledVector<std::string_view> body, std::size_t size)
{
    const providers::ProviderSite &site = *book.provider().site;
    const std::string more = headersOfCaller(x, out.form);
    pipeline::UpstreamRequest request;
    const providers::RequestLine line {.target = out.rest ? site.prefixTarget(x.endpoint, book.model(), out.room)
                                                          : site.target(x.endpoint, book.model(), streams(x, out), out.room),
                                       .accept = acceptOf(x, book, out),
                                       .contentType = x.scan.isForm ? findHeader(x.request.headers, "content-type").value_or("") : "application/json",
                                       .contentLength = size,
                                       .more = more};
    book.credential().head.write(line, request.head);
    request.body = std::move(body);
    request.address = &book.provider().address;
    request.onlyIfFree = x.purpose == Exchange::Purpose::Shadow; // callers' calls come first
    request.limits = limitsOf(x, book);
    return request;
}

} // namespace

AnswerForm formOf(const Exchange &x, const AttemptBook &book, bool rest)
{
    using How = AnswerForm::How;
    AnswerForm form {.callers = providers::callerFormat(x.endpoint)};
    form.providers = book.provider().site->format(x.endpoint, book.model());
    if (x.endpoint == Endpoint::Embeddings)
        form.how = providers::embedsAsOpenAi(*book.provider().site) ? How::Scanned : How::Embeddings;
    else if (!isChat(x.endpoint))
        form.how = x.endpoint == Endpoint::Completions ? How::Scanned : How::Opaque;
    else if (rest || form.callers != form.providers)
        form.how = How::Translated; // the rest of an answer is put into what the caller has of it
    else
        form.how = form.callers == wire::WireFormat::OpenAiChat ? How::Scanned : How::Watched;
    return form;
}

bool hasToBeRead(const Exchange &x, const AttemptBook &book, const AnswerForm &form)
{
    return form.how == AnswerForm::How::Translated || mayNeedMedia(x, book, form) || mayHoldForeignSeals(x, form);
}

Task<Result<void>> prepare(const Try &attempt, Outgoing &out)
{
    Exchange &x = attempt.x;
    const AttemptBook &book = attempt.book;
    Result<void> read = readAsked(x, out);
    if (!read || !out.asked)
        co_return read;
    if (mayHoldForeignSeals(x, out.form))
        co_await lookAtSeals(x, book, out);
    std::vector<wire::MediaAddress> wanted = wantedMedia(x, book, out);
    const bool needsMedia = !wanted.empty();
    if (needsMedia) {
        out.mistake = "invalid_image_url";
        Result<void> brought = co_await attempt.media.bring(std::move(wanted), attempt.cancel);
        if (!brought)
            co_return brought;
        out.mistake = "unsupported_parameter";
    }
    if (out.form.how == AnswerForm::How::Translated)
        co_await mendConversation(x, book, out.form.providers, *out.asked);
    else if (!needsMedia)
        out.asked.reset(); // it passes as it is
    co_return Result<void>();
}

Result<void> encode(const Try &attempt, Outgoing &out)
{
    Exchange &x = attempt.x;
    const AttemptBook &book = attempt.book;
    auto encoded = encodeBody(x, book, out, attempt.media);
    if (!encoded)
        return std::unexpected(std::move(encoded.error()));
    out.encoded = std::move(*encoded);
    std::string marking = markForCache(x, book, out.form, out.encoded);
    out.form.told = whatToTell(out);
    out.form.told.cacheMarking = std::move(marking);
    if (!attempt.gate)
        tell(x, std::exchange(out.form.told, {}));
    if (out.encoded.calls == 1)
        out.request = requestWith(x, book, out, std::move(out.encoded.body.pieces), out.encoded.body.size);
    return {};
}

pipeline::UpstreamRequest requestOf(const Exchange &x, const AttemptBook &book, Outgoing &out, std::size_t call)
{
    if (call == 0 || out.encoded.otherBodies.empty())
        return requestWith(x, book, out, out.encoded.body.pieces, out.encoded.body.size);
    const std::string &body = out.encoded.otherBodies[call - 1];
    return requestWith(x, book, out, {body}, body.size());
}

} // namespace gateway::stages
