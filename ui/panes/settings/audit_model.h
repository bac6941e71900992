// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/audit_reader.h"

#include <QAbstractTableModel>

#include <deque>

namespace ui::settings {

/// The audit log, newest first, read in pages by place (never by offset) as the view goes down; what is new comes on top.
/// Answers to an earlier question are dropped. GUI thread; asks the gateway, never waits.
class AuditModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Number, When, Who, What, Change, Revision, ColumnCount };

    explicit AuditModel(gateway::api::Gateway &gateway, QObject *parent = nullptr);

    /// Asks for the first page. What is there stays until the answer: answered() or failed().
    void setQuestion(const AuditQuestion &question);
    [[nodiscard]] const AuditQuestion &question() const { return m_question; }
    /// Forgets the question that is under way; what is there stays.
    void cancel();
    /// Asks for what was written since.
    void askNew();
    [[nodiscard]] bool shown() const { return m_shown; }       ///< the present question was answered
    [[nodiscard]] bool complete() const { return m_next == 0; } ///< the last page was read

    [[nodiscard]] const gateway::AuditEntry &entry(int row) const { return m_entries.at(static_cast<std::size_t>(row)); }
    void setNow(gateway::WallTime now);      ///< moments are told by their distance from it
    void setBrokenAt(std::uint64_t number);  ///< the entry at which the chain breaks; 0: none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void answered();
    void failed(const QString &problem);
    void cameOnTop(int rows);

private:
    void putOnTop(AuditReader::Page page);
    void append(AuditReader::Page page);
    [[nodiscard]] QVariant text(const gateway::AuditEntry &entry, int column) const;
    [[nodiscard]] QVariant look(const gateway::AuditEntry &entry, int column, int role) const;

    gateway::api::Gateway &m_gateway;
    AuditQuestion m_question;
    std::unique_ptr<AuditReader> m_reader;     ///< of the question: a new one's drops what the former still reads
    std::deque<gateway::AuditEntry> m_entries; ///< newest first
    gateway::WallTime m_now {};
    std::uint64_t m_brokenAt = 0;
    std::uint64_t m_newest = 0; ///< that was found
    std::uint64_t m_next = 0;   ///< where the next page begins; 0: all was read
    bool m_shown = false;
    bool m_fetching = false;
    bool m_polling = false, m_pollAgain = false;
};

} // namespace ui::settings
