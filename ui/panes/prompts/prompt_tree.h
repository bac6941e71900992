// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/prompt_book.h"

#include <QSet>
#include <QTreeWidget>

namespace ui::prompts {

/// Folders, and in them the prompts with the number of their latest version; those that are being written say so.
class PromptTree final : public QTreeWidget
{
    Q_OBJECT
public:
    enum Role { Identity = Qt::UserRole, Latest, Writing, Locked };

    explicit PromptTree(QWidget *parent = nullptr);

    /// Fills it anew; the chosen prompt and the folders that were closed stay so.
    void show(const PromptBook &book);
    void setSearch(const QString &text);
    void choose(const std::string &identity);
    [[nodiscard]] int promptCount() const { return m_count; } ///< that match the search

Q_SIGNALS:
    void chosen(const std::string &identity);

private:
    QTreeWidgetItem *folder(const QString &path);
    [[nodiscard]] QTreeWidgetItem *itemOf(const std::string &identity) const;

    QString m_search;
    QSet<QString> m_closed;
    std::string m_current;
    int m_count = 0;
    bool m_filling = false;
};

} // namespace ui::prompts
