// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::config::imports {

/// The provider kind that another gateway's word means ("vertex_ai" -> "vertex"); empty: none that is known.
std::string_view kindOf(std::string_view foreign);

/// Providers of an import: what others write at each deployment is one provider here with the credentials that differ.
class ProviderPool
{
public:
    /// Where one deployment goes: names of the provider, and of its credential (empty: it has one alone).
    struct Place
    {
        std::size_t provider = 0;
        std::string credential {};
    };
    /// @param wanted      all but names and credentials
    /// @param credential  its name may be empty: one is found
    Place place(Provider wanted, Credential credential, std::string_view name);

    [[nodiscard]] Provider &at(std::size_t index) { return m_providers[index]; }
    [[nodiscard]] std::vector<Provider> take() { return std::move(m_providers); }

private:
    std::string freeName(std::string_view name) const;
    std::vector<Provider> m_providers;
};

/// A text made fit to be a provider's or credential's name.
std::string asName(std::string_view text, std::string_view otherwise);

} // namespace gateway::config::imports
