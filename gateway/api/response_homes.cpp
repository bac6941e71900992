// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/response_homes.h"

#include "gateway/storage/call_log_reader.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace gateway::api {

ResponseHomes::ResponseHomes(const std::string &path, const Clock &clock) : m_clock(clock), m_thread(path, "query-homes") {}

void ResponseHomes::put(const Key &key, std::string value, SteadyTime now)
{
    m_recent.put(key, std::move(value), now);
}

void ResponseHomes::remove(const Key &key)
{
    m_recent.remove(key);
}

void ResponseHomes::find(std::vector<Key> keys, SteadyTime now, Found found)
{
    Values recent;
    m_recent.find(keys, now, [&recent](Values values) { recent = std::move(values); });
    if (std::ranges::none_of(recent, [](const std::string &value) { return value.empty(); }))
        return found(std::move(recent));
    // A question can be copied; an answer is given once.
    auto answer = std::make_shared<Found>(std::move(found));
    m_thread.ask({}, [keys = std::move(keys), recent = std::move(recent), answer, wall = m_clock.wallNow()](storage::CallLogReader *reader, const Error &) {
        if (!reader)
            return;
        auto stored = reader->keepsakes(keys, wall);
        if (!stored)
            return;
        for (std::size_t i = 0; i < stored->size(); ++i) {
            if (!recent[i].empty())
                (*stored)[i] = recent[i];
        }
        (*answer)(std::move(*stored));
    });
}

} // namespace gateway::api
