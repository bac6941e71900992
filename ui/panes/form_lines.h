// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>
#include <QHash>
#include <QList>
#include <QString>

namespace ui::panes {

/// The lines of a form in a narrow column: a label, and its field beside it.
class FormLines final
{
public:
    struct Line
    {
        QWidget *label = nullptr, *field = nullptr;
        void setVisible(bool visible) const;
    };

    /// @param owner   gets the grid as its layout
    /// @param prefix  of the fields' object names: "alerts.form" makes "alerts.form.name"
    FormLines(QWidget *owner, const QString &prefix, int labelWidth);

    Line add(const QString &label, QWidget *field, const QString &name);
    Line addBelow(QWidget *field); ///< in the column of the fields
    void addAcross(QWidget *field);

private:
    QGridLayout *m_grid;
    QString m_prefix;
};

/// Marks each of these fields where there is a problem of its name, or below it. @return all problems, a line each
QString markFields(const QHash<QString, QString> &problems, const QList<std::pair<QWidget *, QString>> &fields);

} // namespace ui::panes
