// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <QLocalServer>
#include <QObject>

#include <filesystem>

class QLocalSocket;

namespace app {

class CommandHandler;

/// control.sock: JSON requests, one a line, each answered by one line, in order; what takes long says {"progress": ...} in lines before
/// it, and ends where whoever asked goes away. Only this user gets at it (0600, in a folder of 0700). Lives on the handler's thread. Bounded: 8 connections, 16 MB a request, one request at a time each.
class ControlServer : public QObject
{
    Q_OBJECT
public:
    /// @param handler  must outlive the server
    explicit ControlServer(CommandHandler &handler, QObject *parent = nullptr);
    ~ControlServer() override;

    /// Listens in the data folder, whose lock this process holds: a socket that a dead process left is replaced.
    gateway::Result<> listen(const std::filesystem::path &dataFolder);

private:
    void accept();
    void read(QLocalSocket *socket);
    void answer(QLocalSocket *socket, const std::string &line);

    CommandHandler &m_handler;
    QLocalServer m_server;
};

} // namespace app
