// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include <filesystem>
#include <string>

namespace app {

/// Tells when a file's content has changed: also where an editor writes a new file and renames it over the old one, where
/// a link is turned to another file, and where the file is away for a moment. Lives on one thread with an event loop.
class ConfigWatch : public QObject
{
    Q_OBJECT
public:
    /// The content of now counts as known.
    explicit ConfigWatch(std::filesystem::path file, QObject *parent = nullptr);

Q_SIGNALS:
    void changed(); ///< once the file has been quiet for a moment; not for a file that is gone

private:
    void look();
    void watchAgain();
    [[nodiscard]] std::string content() const; ///< a digest; empty: it cannot be read

    std::filesystem::path m_file;
    std::string m_known;
    QFileSystemWatcher m_watcher;
    QTimer m_quiet;  ///< editors write in several steps
    QTimer m_poll;   ///< for file systems that tell nothing
};

} // namespace app
