// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/checkpointer.h"

#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"

#include <pthread.h>
#include <sqlite3.h>
#include <utility>

namespace gateway::storage {

namespace {

constexpr int pagesToMove = 2'000;  // of 4 KB in the log: the other thread is woken
constexpr int pagesAtMost = 16'000; // it does not keep up

} // namespace

Checkpointer::Checkpointer(Database &writer) : m_writer(writer), m_path(writer.path()), m_thread([this] { run(); })
{
    sqlite3_wal_hook(m_writer.handle(), &Checkpointer::logGrew, this);
}

Checkpointer::~Checkpointer()
{
    sqlite3_wal_hook(m_writer.handle(), nullptr, nullptr);
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

/// SQLite's word after each commit, on the writer's thread.
int Checkpointer::logGrew(void *self, sqlite3 *, const char *, int pages)
{
    static_cast<Checkpointer *>(self)->m_pages = pages;
    return SQLITE_OK;
}

void Checkpointer::keepLogShort()
{
    const int pages = std::exchange(m_pages, 0);
    if (pages >= pagesAtMost)
        static_cast<void>(m_writer.run("PRAGMA wal_checkpoint(PASSIVE)")); // where it fails, the next commit tells
    else if (pages >= pagesToMove)
        want();
}

void Checkpointer::want()
{
    {
        const std::lock_guard lock(m_mutex);
        m_wanted = true;
    }
    m_changed.notify_all();
}

void Checkpointer::run()
{
    pthread_setname_np(pthread_self(), "log-checkpoint");
    std::unique_ptr<Database> database;
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_ending || m_wanted; });
            if (m_ending)
                return;
            m_wanted = false;
        }
        if (!database) {
            auto opened = Database::open({.path = m_path, .cacheKiB = 256, .checkpoints = false}, callLogSchema());
            if (!opened)
                continue; // the next commit asks again, and past a bound the writer does it itself
            database = std::move(*opened);
        }
        // PASSIVE waits for nobody. Where it fails, the log stays as long as it is until the next try.
        static_cast<void>(database->run("PRAGMA wal_checkpoint(PASSIVE)"));
    }
}

} // namespace gateway::storage
