// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/form_row.h"

#include <QHash>
#include <QWidget>

#include <map>
#include <string>

class QLineEdit;
class QVBoxLayout;

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::panes {

/// Names with a value each, a row a pair: rows are added, changed and removed in place.
class PairRows : public QWidget
{
    Q_OBJECT
public:
    using Pairs = std::map<std::string, std::string>;

    /// What the rows say of themselves.
    struct Words
    {
        QString add;             ///< "Add header"
        QString none;            ///< beside that button while there is no row
        QString remove;
        QString name, nameExample;
        QString value, valueExample;
        QString twice;           ///< why a second row of one name is of no use
        bool foldsCase = false;  ///< names that differ in case alone are the same
    };

    /// @param prefix  of the object names: "providers.headers"
    PairRows(const QString &prefix, Words words, QWidget *parent = nullptr);

    /// Rebuilds the rows where they say something else; a row that is not whole yet is kept while the rest agrees.
    void setPairs(const Pairs &pairs);
    [[nodiscard]] Pairs pairs() const; ///< of rows with a name; of two of one name the first
    void setEditable(bool editable);
    void clear();                      ///< all rows, also what is typed and not whole yet
    void showProblems(const QHash<QString, QString> &problems, const QString &field); ///< of "FIELD.NAME" at the row of NAME

Q_SIGNALS:
    void edited();

protected:
    struct Row
    {
        QWidget *box;
        QLineEdit *name, *value;
        std::string stored; ///< what stands for a value that is not shown; empty: what is typed counts
    };
    /// Makes a row look as its name asks, after each change of it.
    virtual void dress(Row &) {}
    /// Whether a value that is given is not shown, and kept as `stored`.
    [[nodiscard]] virtual bool isHidden(const std::string &) const { return false; }

private:
    Row &addRow(const std::string &name, const std::string &value);
    void removeRow(QWidget *box);
    void tellDoubles();
    [[nodiscard]] QString keyOf(const Row &row) const;

    QString m_prefix;
    Words m_words;
    QList<Row> m_rows;
    QVBoxLayout *m_column;
    widgets::Label *m_none;
    widgets::Button *m_add;
    bool m_editable = true;
};

} // namespace ui::panes
