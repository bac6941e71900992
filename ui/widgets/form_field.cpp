// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/form_field.h"

#include "ui/widgets/format.h"

#include <QStyle>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace ui::widgets {

namespace {

constexpr const char *usualTip = "usualToolTip", *usualDescription = "usualDescription";

} // namespace

void setInvalid(QWidget *field, const QString &why)
{
    const bool invalid = !why.isEmpty(), was = isInvalid(field);
    if (!invalid && !was)
        return;
    if (!was) { // what the field says of itself comes back with the mark gone
        field->setProperty(usualTip, field->toolTip());
        field->setProperty(usualDescription, field->accessibleDescription());
    }
    field->setToolTip(invalid ? why : field->property(usualTip).toString());
    field->setAccessibleDescription(invalid ? why : field->property(usualDescription).toString());
    if (invalid == was)
        return;
    field->setProperty("invalid", invalid);
    field->style()->unpolish(field);
    field->style()->polish(field);
    field->update();
}

DurationField::DurationField(QWidget *parent) : QLineEdit(parent)
{
    connect(this, &QLineEdit::textEdited, this, [this](const QString &text) {
        std::optional<std::chrono::milliseconds> value;
        if (!text.trimmed().isEmpty()) {
            value = parseSetting(text);
            if (!value) {
                setInvalid(this, tr("Not a duration. Write it like 20 s, 250 ms or 2 min."));
                return;
            }
        }
        setInvalid(this, {});
        if (value == m_value)
            return;
        m_value = value;
        Q_EMIT valueChanged();
    });
    connect(this, &QLineEdit::editingFinished, this, [this] {
        if (!isInvalid(this) && m_value)
            setText(setting(*m_value));
    });
}

void DurationField::setValue(const std::optional<std::chrono::milliseconds> &value)
{
    if (value == m_value && !isInvalid(this))
        return;
    m_value = value;
    setText(value ? setting(*value) : QString());
    setInvalid(this, {});
}

NamesField::NamesField(QWidget *parent) : QLineEdit(parent) { connect(this, &QLineEdit::textEdited, this, &NamesField::namesEdited); }

void NamesField::setNames(const QStringList &wanted)
{
    if (!hasFocus() && names() != wanted)
        setText(wanted.join(u", "_s));
}

QStringList NamesField::names() const
{
    QStringList all;
    for (const QString &name : text().split(u',', Qt::SkipEmptyParts))
        if (!name.trimmed().isEmpty())
            all << name.trimmed();
    return all;
}

} // namespace ui::widgets
