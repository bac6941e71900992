// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/cache_keeper.h"

#include "gateway/storage/answer_archive.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

namespace gateway::api {

namespace {

constexpr std::chrono::milliseconds restorePatience {300}; // of the start: what is not there by then comes while calls run

bool isUsed(const config::Config &config)
{
    return std::ranges::any_of(config.routes, [](const config::Route &route) { return route.cache && route.cache->mode != config::CacheMode::Off; });
}

} // namespace

CacheKeeper::CacheKeeper(std::string path, const config::Config &config, const KeyHasher &hasher, const Clock &clock)
    : m_path(std::move(path))
    , m_hasher(hasher)
    , m_clock(clock)
    , m_caches(config.cache, clock, this, [this](SemanticHit hit) {
        if (const auto there = archive())
            there->addReview(std::move(hit));
    })
{
    configure(config);
}

/// The file's thread may still be restoring: it ends before what it restores into.
CacheKeeper::~CacheKeeper()
{
    std::shared_ptr<storage::AnswerArchive> ending;
    {
        const std::lock_guard lock(m_mutex);
        ending = std::move(m_archive);
    }
    ending.reset();
}

void CacheKeeper::configure(const config::Config &config)
{
    m_caches.configure(config.cache);
    const bool persisted = m_persists.exchange(config.cache.exact.persist);
    if (isUsed(config) && !archive())
        open();
    else if (const auto there = archive(); there && persisted && !config.cache.exact.persist)
        there->clear();
}

void CacheKeeper::open()
{
    auto opened = storage::AnswerArchive::open({.path = m_path}, m_hasher, m_clock);
    std::shared_ptr<storage::AnswerArchive> archive;
    {
        const std::lock_guard lock(m_mutex);
        m_problem = opened ? std::string() : "Answers are not kept over a restart: " + opened.error().message;
        if (opened)
            archive = m_archive = std::move(*opened);
    }
    if (!archive)
        return;
    if (m_persists)
        restore(*archive);
    else
        archive->clear();
}

void CacheKeeper::restore(storage::AnswerArchive &archive)
{
    const auto done = std::make_shared<std::promise<void>>();
    archive.restore([this](const AnswerKey &key, SharedAnswer answer) { m_caches.restore(key, std::move(answer)); }, [done] { done->set_value(); });
    done->get_future().wait_for(restorePatience);
}

void CacheKeeper::sweep()
{
    m_caches.sweep();
}

std::shared_ptr<storage::AnswerArchive> CacheKeeper::archive() const
{
    const std::lock_guard lock(m_mutex);
    return m_archive;
}

std::string CacheKeeper::problem() const
{
    const auto there = archive();
    std::string words = there ? there->state().problem : std::string();
    if (words.empty())
        words = m_caches.counts().problem;
    const std::lock_guard lock(m_mutex);
    return words.empty() ? m_problem : words;
}

void CacheKeeper::stored(const AnswerKey &key, SharedAnswer answer)
{
    const auto there = persists() ? archive() : nullptr;
    if (there)
        there->stored(key, std::move(answer));
}

void CacheKeeper::removed(const AnswerKey &key)
{
    const auto there = persists() ? archive() : nullptr;
    if (there)
        there->removed(key);
}

} // namespace gateway::api
