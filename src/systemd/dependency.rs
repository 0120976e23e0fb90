//! The kinds of dependency between units and their inverses: systemd.unit(5).

use super::named::named_enum;

named_enum! {
    /// One direction of a dependency; the word is the property that `systemctl show` prints.
    pub enum UnitDependency {
        Requires = "Requires",
        Requisite = "Requisite",
        Wants = "Wants",
        BindsTo = "BindsTo",
        PartOf = "PartOf",
        Upholds = "Upholds",
        RequiredBy = "RequiredBy",
        RequisiteOf = "RequisiteOf",
        WantedBy = "WantedBy",
        BoundBy = "BoundBy",
        UpheldBy = "UpheldBy",
        ConsistsOf = "ConsistsOf",
        Conflicts = "Conflicts",
        ConflictedBy = "ConflictedBy",
        Before = "Before",
        After = "After",
        OnSuccess = "OnSuccess",
        OnSuccessOf = "OnSuccessOf",
        OnFailure = "OnFailure",
        OnFailureOf = "OnFailureOf",
        Triggers = "Triggers",
        TriggeredBy = "TriggeredBy",
        PropagatesReloadTo = "PropagatesReloadTo",
        ReloadPropagatedFrom = "ReloadPropagatedFrom",
        PropagatesStopTo = "PropagatesStopTo",
        StopPropagatedFrom = "StopPropagatedFrom",
        JoinsNamespaceOf = "JoinsNamespaceOf",
        References = "References",
        ReferencedBy = "ReferencedBy",
        InSlice = "InSlice",
        SliceOf = "SliceOf",
    }
}

/// The pairs: whoever has the left towards a unit is seen from that unit with the right.
const PAIRS: &[(UnitDependency, UnitDependency)] = {
    use UnitDependency::*;
    &[
        (Requires, RequiredBy),
        (Requisite, RequisiteOf),
        (Wants, WantedBy),
        (BindsTo, BoundBy),
        (PartOf, ConsistsOf),
        (Upholds, UpheldBy),
        (Conflicts, ConflictedBy),
        (Before, After),
        (OnSuccess, OnSuccessOf),
        (OnFailure, OnFailureOf),
        (Triggers, TriggeredBy),
        (PropagatesReloadTo, ReloadPropagatedFrom),
        (PropagatesStopTo, StopPropagatedFrom),
        (JoinsNamespaceOf, JoinsNamespaceOf),
        (References, ReferencedBy),
        (InSlice, SliceOf),
    ]
};

impl UnitDependency {
    /// The same edge seen from the other unit.
    pub fn inverse(self) -> Self {
        PAIRS
            .iter()
            .find_map(|(a, b)| {
                if *a == self {
                    Some(*b)
                } else if *b == self {
                    Some(*a)
                } else {
                    None
                }
            })
            .unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_in_exactly_one_pair() {
        for kind in UnitDependency::ALL {
            assert_eq!(kind.inverse().inverse(), *kind, "{kind}");
            assert_eq!(PAIRS.iter().filter(|(a, b)| a == kind || b == kind).count(), 1, "{kind}");
        }
        assert_eq!(UnitDependency::BindsTo.inverse(), UnitDependency::BoundBy);
    }
}
