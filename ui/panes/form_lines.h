// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/problem_note.h"

#include <QGridLayout>
#include <QHash>
#include <QList>
#include <QString>

namespace ui::panes {

/// The lines of a form in a narrow column: a label, its field beside it, and below that what is wrong with it.
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

    Line add(const QString &label, QWidget *field, const QString &name, widgets::ProblemWords words = widgets::ProblemWords::Below);
    Line addBelow(QWidget *field); ///< in the column of the fields
    void addAcross(QWidget *field);

private:
    QGridLayout *m_grid;
    QString m_prefix;
};

/// Marks each of these fields where there is a problem of its name, or below it. @return the problems that no field tells itself,
/// a line each
QString markFields(const QHash<QString, QString> &problems, const QList<std::pair<QWidget *, QString>> &fields);

} // namespace ui::panes
