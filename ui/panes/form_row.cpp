// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/form_row.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QSignalBlocker>
#include <QVariant>

namespace ui::panes {

using namespace widgets;

namespace {

constexpr const char *markedByCheck = "markedByCheck";
constexpr int fieldHeight = 28;

} // namespace

void setUpPairs(QGridLayout *grid)
{
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 88);
    grid->setColumnMinimumWidth(2, 88);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
}

void addField(QGridLayout *grid, int row, int pair, const QString &label, QWidget *field, int span, ProblemWords words)
{
    auto *text = new Label(Label::Kind::Field, label);
    text->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    text->setBuddy(field);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    if (field->minimumHeight() < fieldHeight)
        field->setMinimumHeight(fieldHeight);
    if (words == ProblemWords::Elsewhere) {
        grid->addWidget(text, row, pair * 2);
        grid->addWidget(field, row, pair * 2 + 1, 1, span);
        return;
    }
    text->setFixedHeight(fieldHeight); // beside the field, not beside the words below it too
    grid->addWidget(text, row, pair * 2, Qt::AlignTop);
    grid->addLayout(withProblemNote(field), row, pair * 2 + 1, 1, span);
}

void markField(QWidget *field, const QString &why)
{
    if (why.isEmpty() && !field->property(markedByCheck).toBool())
        return;
    field->setProperty(markedByCheck, !why.isEmpty());
    setInvalid(field, why);
}

QHash<QString, QString> problemsBelow(const std::vector<gateway::api::FieldError> &problems, const QString &field)
{
    QHash<QString, QString> found;
    for (const auto &problem : problems) {
        const QString name = bridge::qt(problem.field);
        if (!problem.warning && name == field)
            found.insert({}, bridge::qt(problem.message));
        else if (!problem.warning && name.startsWith(field + QLatin1Char('.')))
            found.insert(name.mid(field.size() + 1), bridge::qt(problem.message));
    }
    return found;
}

QString problemOf(const QHash<QString, QString> &problems, const QString &field)
{
    for (auto at = problems.cbegin(); at != problems.cend(); ++at) {
        if (at.key() == field || at.key().startsWith(field + QLatin1Char('[')))
            return at.value();
    }
    return {};
}

void showChoice(QComboBox *box, const QVariant &data)
{
    const QSignalBlocker quiet(box);
    box->setCurrentIndex(box->findData(data));
}

void showText(QLineEdit *field, const QString &text)
{
    if (field->text() != text && field->text().trimmed() != text)
        field->setText(text);
}

void showDuration(DurationField *field, const std::optional<gateway::config::Millis> &own, const std::optional<gateway::config::Millis> &inherited)
{
    if (!field->hasFocus() || own != field->value())
        field->setValue(own);
    field->setPlaceholderText(inherited ? setting(*inherited) : QCoreApplication::translate("ui::panes", "1 min for streams"));
}

} // namespace ui::panes
