// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/providers/editing.h"

#include <QWidget>

#include <map>
#include <string>

class QLineEdit;
class QVBoxLayout;

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::providers {

/// Headers that go out with every call to a provider: name and value a row. The value of a secret one (Authorization,
/// X-Api-Key …) is never shown again: what is typed there replaces it.
class HeaderRows final : public QWidget
{
    Q_OBJECT
public:
    using Headers = std::map<std::string, std::string>;

    explicit HeaderRows(QWidget *parent = nullptr);

    /// Rebuilds the rows where they say something else; a row that is not whole yet is kept while the rest agrees.
    void setHeaders(const Headers &headers);
    [[nodiscard]] Headers headers() const; ///< of whole rows
    void setEditable(bool editable);
    void clear(); ///< all rows, also what is typed and not whole yet
    void showProblems(const FieldProblems &problems);

Q_SIGNALS:
    void edited();

private:
    struct Row
    {
        QWidget *box;
        QLineEdit *name, *value;
        std::string stored; ///< the mask of a secret that the gateway holds; empty: what is typed counts
    };
    Row &addRow(const std::string &name, const std::string &value);
    void removeRow(QWidget *box);
    void dress(Row &row);
    void tellDoubles();

    QList<Row> m_rows;
    QVBoxLayout *m_column;
    widgets::Label *m_none;
    widgets::Button *m_add;
    bool m_editable = true;
};

} // namespace ui::providers
