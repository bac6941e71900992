// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/call_media.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/task_group.h"
#include "gateway/wire/json_place.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Task;

namespace {

constexpr std::size_t atOnce = 4;     // of one call
constexpr std::size_t mostAddresses = 64;

std::size_t bytesFor(const pipeline::Exchange &x)
{
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(x.config->gateway.maxBody, 0));
    return most - std::min(most, x.request.body.size());
}

} // namespace

/// Some coroutines that take one address after another. The first failure ends them all: the call cannot go on.
class CallMedia::Lanes
{
public:
    Lanes(CallMedia &media, std::vector<wire::MediaAddress> wanted, pipeline::CancelSource &cancel)
        : m_media(media)
        , m_cancel(cancel)
        , m_wanted(std::move(wanted))
        , m_allowance {.config = *media.m_x.config,
                       .deadline = std::min(media.m_x.now() + media.m_x.config->gateway.media.timeout, media.m_x.deadline),
                       .bytes = media.m_bytesLeft.value_or(bytesFor(media.m_x))}
    {
        m_cancel.setHook([this] { stop(); });
        if (m_cancel.cancelled())
            stop();
    }
    ~Lanes()
    {
        m_cancel.setHook(nullptr);
        m_media.m_bytesLeft = m_allowance.bytes;
    }
    Lanes(const Lanes &) = delete;
    Lanes &operator=(const Lanes &) = delete;

    Task<void> run()
    {
        pipeline::TaskGroup others;
        for (std::size_t i = 1; i < std::min(atOnce, m_wanted.size()); ++i)
            others.add(lane(m_cancels[i]));
        co_await lane(m_cancels[0]);
        co_await others.done();
    }

private:
    void stop()
    {
        for (pipeline::CancelSource &cancel : m_cancels)
            cancel.cancel();
    }

    Task<void> lane(pipeline::CancelSource &cancel)
    {
        while (m_next < m_wanted.size() && !cancel.cancelled()) {
            const wire::MediaAddress &wanted = m_wanted[m_next++];
            Result<wire::FetchedMedia> media = co_await fetchMedia(m_media.m_x.worker.upstream, wanted.url, m_allowance, cancel);
            if (media)
                m_media.m_fetched.push_back(std::move(*media));
            else
                fail(wanted, std::move(media.error()));
        }
    }

    void fail(const wire::MediaAddress &wanted, Error error)
    {
        if (m_media.m_failed) // the others end because of it
            return;
        if (error.code == ErrorCode::BadRequest) {
            error.where = wire::placeIn(m_media.m_x.scan.body, wanted.written).path;
            error.message = fmt::format("{}{}{}", error.where, error.where.empty() ? "" : ": ", error.message);
        }
        m_media.m_failed = std::move(error);
        stop();
    }

    CallMedia &m_media;
    pipeline::CancelSource &m_cancel;
    std::vector<wire::MediaAddress> m_wanted;
    FetchAllowance m_allowance;
    std::array<pipeline::CancelSource, atOnce> m_cancels {};
    std::size_t m_next = 0;
};

bool CallMedia::has(const wire::MediaAddress &address) const
{
    return std::ranges::find(m_fetched, address.url, &wire::FetchedMedia::url) != m_fetched.end();
}

bool CallMedia::has(std::span<const wire::MediaAddress> wanted) const
{
    return std::ranges::all_of(wanted, [this](const wire::MediaAddress &address) { return has(address); });
}

Task<Result<void>> CallMedia::bring(std::vector<wire::MediaAddress> wanted, pipeline::CancelSource &cancel)
{
    std::erase_if(wanted, [this](const wire::MediaAddress &address) { return has(address); });
    if (wanted.size() > mostAddresses)
        co_return gateway::fail(ErrorCode::BadRequest, fmt::format("The request names {} addresses whose bytes this model needs; at most {} are fetched.", wanted.size(), mostAddresses),
                                wire::placeIn(m_x.scan.body, wanted[mostAddresses].written).path);
    if (!m_failed && !wanted.empty()) {
        Lanes lanes(*this, std::move(wanted), cancel);
        co_await lanes.run();
    }
    if (m_failed)
        co_return std::unexpected(*m_failed);
    co_return Result<void>();
}

} // namespace gateway::stages
